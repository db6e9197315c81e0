"""Opening hours of the counters: cards, one change at a time, its effect before it is saved, history and undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.forms import complaint
from services.portal.api.staff_counter import DAY, PLANNER, CounterDesk, counters_in, number_of
from services.portal.api.staff_hours_draft import (
    CLOSED,
    KINDS,
    OPEN,
    SERIES,
    GoneError,
    HoursDraft,
    Teller,
    draft_from,
    draft_of,
    new_draft,
)
from services.portal.gateways.calendar import Calendar, Effect, Entries, Hours
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.staff import Device
from services.portal.web.doors import form_of, see_other, text_of

_HOURS = f"{DAY}/zeiten"
_CHANGED = 409
_INVALID = 422
_TELLABLE = {409, 422}


@dataclass(frozen=True, slots=True)
class _Preview:
    """A change and what it would do."""

    office: str
    calendar: Calendar
    after: Entries
    effect: Effect
    fields: Sequence[tuple[str, str]]
    save: str
    """Where the answer goes."""
    change: str = ""
    """Where it can still be changed."""


class StaffHours:
    """What planners see and do."""

    def __init__(self, desk: CounterDesk) -> None:
        """Show the pages behind the door."""
        self._desk = desk
        self._hours = Hours(desk.site.appointments)

    def routes(self) -> list[Endpointed]:
        """State the pages."""
        door = self._desk.door
        return [
            *door.page("GET", _HOURS, self._show, PLANNER),
            *door.page("GET", f"{_HOURS}/eintrag", self._entry, PLANNER),
            *door.page("POST", f"{_HOURS}/eintrag", self._change, PLANNER),
            *door.page("POST", f"{_HOURS}/vorschau", self._preview, PLANNER),
            *door.page("POST", _HOURS, self._save, PLANNER),
            *door.page("POST", f"{_HOURS}/rueckgaengig/vorschau", self._preview_undo, PLANNER),
            *door.page("POST", f"{_HOURS}/rueckgaengig", self._undo, PLANNER),
        ]

    async def _show(self, request: Request, device: Device) -> Response:
        return await self._cards(request, device)

    async def _cards(
        self, request: Request, device: Device, *, office: str = "", status: int = 200, wrong: str = ""
    ) -> Response:
        where = await self._desk.where(request, office)
        calendar = await self._hours.calendar(where.place.office)
        teller = Teller(self._desk.say(request), calendar)
        history = await self._hours.history(where.place.office)
        return await self._desk.door.render(
            request,
            "appointments/hours.html",
            status=status,
            device=device,
            where=where,
            calendar=calendar,
            cards=teller.cards(calendar),
            kinds={"series": SERIES, "closed": CLOSED, "open": OPEN},
            history=[(each, teller.changes(each.before, each.after)) for each in history],
            at=counters_in(calendar.resources),
            wrong=wrong,
            done=request.query_params.get("getan", ""),
        )

    async def _entry(self, request: Request, device: Device) -> Response:
        """Show an empty form, or one with what is there."""
        where = await self._desk.where(request)
        known, kind = request.query_params.get("id", ""), request.query_params.get("art", "")
        calendar = await self._hours.calendar(where.place.office)
        draft = draft_from(calendar, known) if known else new_draft(kind, self._desk.say(request).today())
        if draft is None or draft.kind not in KINDS:
            raise Missing
        return await self._form(request, device, where.place.office, draft)

    async def _change(self, request: Request, device: Device) -> Response:
        """Come back from the preview with what was typed."""
        form = await form_of(request)
        return await self._form(request, device, text_of(form, "ort"), draft_of(form))

    async def _form(
        self, request: Request, device: Device, office: str, draft: HoursDraft, *, status: int = 200, wrong: str = ""
    ) -> Response:
        where = await self._desk.where(request, office)
        return await self._desk.door.render(
            request,
            "appointments/hours_entry.html",
            status=status,
            device=device,
            where=where,
            draft=draft,
            resources=(await self._hours.calendar(where.place.office)).resources,
            wrong=wrong,
        )

    async def _preview(self, request: Request, device: Device) -> Response:
        form = await form_of(request)
        office, draft = text_of(form, "ort"), draft_of(form)
        if draft.is_both:
            words = self._desk.say(request).text("hours.whole_or_some")
            return await self._form(request, device, office, draft, status=_INVALID, wrong=words)
        return await self._effect(request, device, office, draft)

    async def _effect(
        self, request: Request, device: Device, office: str, draft: HoursDraft, *, status: int = 200, wrong: str = ""
    ) -> Response:
        """Say what a change would do, on the opening hours of now; nothing is saved."""
        calendar = await self._hours.calendar(office)
        try:
            body = draft.applied(calendar)
        except GoneError:
            words = self._desk.say(request).text("hours.gone")
            return await self._cards(request, device, office=office, status=_CHANGED, wrong=words)
        try:
            effect = await self._hours.preview(office, body)
        except Refused as refused:
            words = draft.said(refused.body.get("errors"), body) or self._said(request, refused)
            return await self._form(request, device, office, draft, status=refused.status, wrong=words)
        change = "" if draft.remove else f"{_HOURS}/eintrag"
        shown = _Preview(office, calendar, Entries.model_validate(body), effect, draft.fields(), _HOURS, change)
        return await self._shown(request, device, shown, status=status, wrong=wrong)

    async def _shown(
        self, request: Request, device: Device, shown: _Preview, *, status: int = 200, wrong: str = ""
    ) -> Response:
        return await self._desk.door.render(
            request,
            "appointments/hours_preview.html",
            status=status,
            device=device,
            where=await self._desk.where(request, shown.office),
            shown=shown,
            changes=Teller(self._desk.say(request), shown.calendar).changes(shown.calendar, shown.after),
            at=counters_in(shown.calendar.resources),
            wrong=wrong,
        )

    async def _save(self, request: Request, device: Device) -> Response:
        """Save what was previewed; when somebody else was faster it is previewed anew and nothing typed is lost."""
        form = await form_of(request)
        draft, office = draft_of(form), text_of(form, "ort")
        try:
            body = draft.applied(await self._hours.calendar(office)) | _order(form, device)
            await self._hours.save(office, body)
        except (Refused, GoneError) as error:
            gone = isinstance(error, GoneError)
            wrong = self._desk.say(request).text("hours.gone") if gone else self._said(request, error)
            return await self._effect(request, device, office, draft, status=_CHANGED, wrong=wrong)
        return see_other(request, f"{_HOURS}?ort={office}&getan=gespeichert")

    async def _preview_undo(self, request: Request, device: Device) -> Response:
        form = await form_of(request)
        return await self._effect_of_undo(request, device, text_of(form, "ort"), number_of(text_of(form, "undo")))

    async def _effect_of_undo(
        self, request: Request, device: Device, office: str, version: int, *, status: int = 200, wrong: str = ""
    ) -> Response:
        calendar = await self._hours.calendar(office)
        revision = next((each for each in await self._hours.history(office) if each.version == version), None)
        if revision is None:
            raise Missing
        effect = await self._hours.preview(office, dict(revision.before.body()))
        shown = _Preview(office, calendar, revision.before, effect, [("undo", str(version))], f"{_HOURS}/rueckgaengig")
        return await self._shown(request, device, shown, status=status, wrong=wrong)

    async def _undo(self, request: Request, device: Device) -> Response:
        form = await form_of(request)
        office, version = text_of(form, "ort"), number_of(text_of(form, "undo"))
        try:
            await self._hours.undo(office, {"version": version, **_order(form, device)})
        except Refused as refused:
            words = self._said(request, refused)
            return await self._effect_of_undo(request, device, office, version, status=_CHANGED, wrong=words)
        return see_other(request, f"{_HOURS}?ort={office}&getan=zurueck")

    def _said(self, request: Request, refused: Refused) -> str:
        """Return what is wrong with the hours; what is not about them goes on its way."""
        say, code = self._desk.say(request), "hours.refused_" + str(refused.body.get("code"))
        words = say.text(code) if say.has(code) else complaint(refused.body)
        if refused.status not in _TELLABLE or not words:
            raise refused
        return words


def _order(form: FormData, device: Device) -> dict[str, Any]:
    return {
        "seen_version": number_of(text_of(form, "version")),
        "by": device.name,
        "keep_collisions": bool(text_of(form, "trotzdem")),
    }
