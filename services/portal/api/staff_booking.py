"""One booking from behind the counter: everything about it, moving, cancelling, who has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import quote
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.forms import complaint
from services.portal.api.staff_counter import (
    COUNTER,
    DAY,
    CounterDesk,
    counters_in,
    day_of,
    exact_of,
    former_of,
    id_of,
    instant_of,
    number_of,
    spelled,
    teller_of,
)
from services.portal.api.staff_day import StaffDay
from services.portal.api.tickets import STAFF_ARRIVAL, arrival_told
from services.portal.gateways.appointments import instant
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.counter import Change, Entry
from services.portal.gateways.staff import Device
from services.portal.gateways.tickets import Tickets
from services.portal.web.doors import form_of, see_other, text_of
from services.portal.web.say import ZONE, Say

_STANDS = {"da": "arrived", "erledigt": "done", "nicht-da": "missed", "zurueck": "booked"}
"""What the buttons say, and what it is called."""
_NUMBER = "nummer"
_HOURS = "zeiten"
"""The page from which somebody moves what a closure hits, and to which they return."""
_OWN = f"{DAY}/{{booking}}"
_CHOICE_DAYS = 14
_TELLABLE = {409, 422, 429}
_INVALID = 422
_TYPED = ("starts_at", "tag", "uhrzeit", "resource", "von")
_NOTHING: Mapping[str, str] = dict.fromkeys(_TYPED, "")


class StaffBooking:
    """What the counter does with a booking."""

    def __init__(self, desk: CounterDesk, days: StaffDay) -> None:
        """Show the pages behind the door; `days` shows the day again when a move fails there."""
        self._desk = desk
        self._counter = desk.counter
        self._days = days

    def routes(self) -> list[Endpointed]:
        """State page and buttons; after the pages with fixed names, which look like a booking."""
        door = self._desk.door
        return [
            *door.page("GET", _OWN, self._show, COUNTER),
            *door.page("POST", f"{_OWN}/verlegen", self._move, COUNTER),
            *door.page("POST", f"{_OWN}/absagen", self._cancel, COUNTER),
            *door.page("POST", f"{_OWN}/wiederherstellen", self._restore, COUNTER),
            *door.page("POST", f"{_OWN}/stand", self._settle, COUNTER),
        ]

    async def _show(self, request: Request, device: Device) -> Response:
        return await self._page(request, device)

    async def _page(
        self,
        request: Request,
        device: Device,
        *,
        status: int = 200,
        wrong: str = "",
        typed: Mapping[str, str] = _NOTHING,
        others: Sequence[datetime] = (),
    ) -> Response:
        booking = id_of(request.path_params["booking"])
        entry = await self._counter.booking(booking)
        history = await self._counter.history(booking)
        where = await self._desk.where(request, entry.office, _local(entry).isoformat())
        shown = await self._counter.day(where.place.office, where.day)
        matters = await self._counter.matters()
        movable = entry.state == "booked"
        wanted = self._desk.bookable(request, day_of(request.query_params.get("verlegen", ""), where.day))
        return await self._desk.door.render(
            request,
            "appointments/booking.html",
            status=status,
            device=device,
            where=where,
            entry=entry,
            history=history,
            what=teller_of(matters),
            at=counters_in(shown.resources),
            bring=[text.de for one in entry.items if one.service in matters for text in matters[one.service].bring],
            free=await self._free(entry, wanted) if movable else (),
            wanted=wanted,
            moving="verlegen" in request.query_params or any(typed.values()),
            typed=typed,
            came_from=_HOURS if _HOURS in (request.query_params.get("von"), typed.get("von")) else "",
            resources=shown.resources,
            is_today=where.day == self._desk.say(request).today(),
            is_due=entry.starts_at <= self._desk.site.now(),
            restorable=_is_restorable(entry, history, self._desk.site.now()),
            others=others,
            former=former_of(history, self._desk.site.now()) if movable else None,
            spelled=spelled(entry.number),
            wrong=wrong,
            done=request.query_params.get("getan", ""),
        )

    async def _free(self, entry: Entry, wanted: date) -> object:
        try:
            return await self._counter.free(
                entry.office, entry.items, wanted, days=_CHOICE_DAYS, besides=entry.booking_id
            )
        except Refused:
            # What it is for is not offered any more; the rest of the page is needed all the more.
            return ()

    async def _move(self, request: Request, device: Device) -> Response:
        """Move it to the time that was chosen on its page, or on which it was dropped in the day."""
        form = await form_of(request)
        booking, starts_at = id_of(request.path_params["booking"]), time_of(form)
        if starts_at is None:
            words = self._desk.say(request).text("counter.wrong_time")
            return await self._page(request, device, status=_INVALID, wrong=words, typed=_typed(form))
        body = {
            "starts_at": instant(starts_at),
            "resource": text_of(form, "resource") or None,
            "seen_version": number_of(text_of(form, "seen_version")),
            "by": device.name,
        }
        try:
            await self._counter.move(booking, body)
        except Refused as refused:
            return await self._not_moved(request, device, form, refused)
        if text_of(form, "von") == "tag":
            where = await self._desk.where(request, text_of(form, "ort"), text_of(form, "tag"))
            if text_of(form, "zurueck"):
                return see_other(request, where.address(getan="zurueck"))
            return see_other(request, where.address(getan="verlegt", termin=str(booking)))
        if text_of(form, "von") == _HOURS:
            office = (await self._counter.booking(booking)).office
            return see_other(request, f"{DAY}/zeiten?ort={quote(office)}&getan=verlegt")
        return see_other(request, f"{DAY}/{booking}?getan=verlegt")

    async def _not_moved(self, request: Request, device: Device, form: FormData, refused: Refused) -> Response:
        words = said(refused, self._desk.say(request))
        if text_of(form, "von") != "tag":
            return await self._page(request, device, status=refused.status, wrong=words, typed=_typed(form))
        office, day = text_of(form, "ort"), text_of(form, "tag")
        return await self._days.page(request, device, office=office, day=day, status=refused.status, wrong=words)

    async def _cancel(self, request: Request, device: Device) -> Response:
        booking = id_of(request.path_params["booking"])
        seen = number_of(text_of(await form_of(request), "seen_version"))
        try:
            await self._counter.cancel(booking, seen_version=seen, by=device.name)
        except Refused as refused:
            return await self._page(
                request, device, status=refused.status, wrong=said(refused, self._desk.say(request))
            )
        return see_other(request, f"{DAY}/{booking}?getan=abgesagt")

    async def _restore(self, request: Request, device: Device) -> Response:
        """Take a cancellation back; when somebody else has the time, offer others for the same person."""
        booking = id_of(request.path_params["booking"])
        seen = number_of(text_of(await form_of(request), "seen_version"))
        try:
            await self._counter.restore(booking, seen_version=seen, by=device.name)
        except Refused as refused:
            words = said(refused, self._desk.say(request))
            return await self._page(request, device, status=refused.status, wrong=words, others=_others(refused))
        return see_other(request, f"{DAY}/{booking}?getan=wiederhergestellt")

    async def _settle(self, request: Request, device: Device) -> Response:
        booking, stand = id_of(request.path_params["booking"]), text_of(await form_of(request), "stand")
        if stand == _NUMBER:
            return await self._queue_up(request, device, booking)
        if stand not in _STANDS:
            raise Missing
        try:
            await self._counter.settle(booking, _STANDS[stand], by=device.name)
        except Refused as refused:
            return await self._page(
                request, device, status=refused.status, wrong=said(refused, self._desk.say(request))
            )
        return see_other(request, f"{DAY}/{booking}?getan={stand}")

    async def _queue_up(self, request: Request, device: Device, booking: UUID) -> Response:
        """Give a number to somebody who stands here: only numbers are called."""
        entry = await self._counter.booking(booking)
        try:
            tickets = Tickets(self._desk.site.appointments)
            await tickets.arrive(number=entry.number, office=entry.office, by=device.name)
        except Refused as refused:
            words = arrival_told(self._desk.say(request), refused, family=STAFF_ARRIVAL)
            return await self._page(request, device, status=refused.status, wrong=words)
        return see_other(request, f"{DAY}/{booking}?getan={_NUMBER}")


def said(refused: Refused, say: Say) -> str:
    """Return why something was not done; what is not about the order goes on its way."""
    code = "counter.refused_" + str(refused.body.get("code"))
    words = say.text(code) if say.has(code) else complaint(refused.body)
    if refused.status not in _TELLABLE or not words:
        raise refused
    return words


def time_of(form: FormData) -> datetime | None:
    """Return the time that was typed, else the one that was chosen; None when there is neither."""
    clock = text_of(form, "uhrzeit")
    return exact_of(text_of(form, "tag"), clock) if clock else instant_of(text_of(form, "starts_at"))


def _others(refused: Refused) -> list[datetime]:
    """Return which times are free instead."""
    told: Sequence[object] = refused.body.get("alternatives") or ()
    return [at for each in told if isinstance(each, str) and (at := instant_of(each)) is not None]


def _is_restorable(entry: Entry, history: Sequence[Change], now: datetime) -> bool:
    """Say whether a cancellation can be taken back, unless somebody else has the time."""
    was_booked = any(each.what in ("booked", "imported") for each in history)
    return entry.state == "cancelled" and was_booked and entry.starts_at > now


def _typed(form: FormData) -> Mapping[str, str]:
    return {name: text_of(form, name) for name in _TYPED}


def _local(entry: Entry) -> date:
    return entry.starts_at.astimezone(ZONE).date()
