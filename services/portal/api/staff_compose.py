"""Writing a message: form, preview with the number of people it reaches, sending."""

from __future__ import annotations

from uuid import UUID, uuid4

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.forms import complaint
from services.portal.api.staff_door import DESK, StaffDoor
from services.portal.api.staff_draft import CATEGORIES, URGENCIES, Draft, draft_of, new_draft, scope_of
from services.portal.api.told import places_of
from services.portal.gateways.alerts import Alerts
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.staff import Device
from services.portal.web.doors import form_of, see_other, text_of

_PREVIEW = f"{DESK}/vorschau"
_NEW = f"{DESK}/neu"
_INVALID = 422


class StaffCompose:
    """From an empty form to a message on its way."""

    def __init__(self, door: StaffDoor) -> None:
        """Show the pages behind the door."""
        self._door = door
        self._site = door.site
        self._alerts = Alerts(door.site.subscriptions.calls)

    def routes(self) -> list[Endpointed]:
        """State the pages."""
        return [
            *self._door.page("GET", _NEW, self._empty, "clerk"),
            *self._door.page("POST", _NEW, self._change, "clerk"),
            *self._door.page("POST", _PREVIEW, self._preview, "clerk"),
            *self._door.page("POST", DESK, self._send, "clerk"),
        ]

    async def _empty(self, request: Request, device: Device) -> Response:
        return await self._form(request, device, new_draft(self._site.now()))

    async def _change(self, request: Request, device: Device) -> Response:
        return await self._form(request, device, draft_of(await form_of(request)))

    async def _preview(self, request: Request, device: Device) -> Response:
        """Say whom it would reach and how it would read; nothing is sent."""
        draft = draft_of(await form_of(request))
        if draft.complaint():
            return await self._form(request, device, draft, wrong=self._words(request, draft))
        try:
            found = await self._alerts.dry_run(draft.body(by=device.name))
        except Refused as refused:
            return await self._form(request, device, draft, wrong=complaint(refused.body))
        places = places_of(await self._site.subscriptions.topics())
        return await self._door.render(
            request,
            "preview.html",
            device=device,
            draft=draft,
            scope=scope_of(draft.body(by=device.name), places),
            found=found,
            command=uuid4(),
        )

    async def _send(self, request: Request, device: Device) -> Response:
        """Send what was previewed; the same preview sent twice is one message."""
        form = await form_of(request)
        draft = draft_of(form)
        if draft.complaint():
            return await self._form(request, device, draft, wrong=self._words(request, draft))
        try:
            made = await self._alerts.announce(draft.body(by=device.name) | {"command_id": command_of(form)})
        except Refused as refused:
            return await self._form(request, device, draft, wrong=complaint(refused.body))
        done = "gehalten" if made.state == "held" else "gesendet"
        return see_other(request, f"{DESK}/{made.announcement_id}?getan={done}")

    def _words(self, request: Request, draft: Draft) -> str:
        return self._site.pages.say(request).text("desk.wrong_" + draft.complaint())

    async def _form(self, request: Request, device: Device, draft: Draft, *, wrong: str = "") -> Response:
        topics = await self._site.subscriptions.topics()
        return await self._door.render(
            request,
            "compose.html",
            status=_INVALID if wrong else 200,
            device=device,
            draft=draft,
            wrong=wrong,
            places=list(places_of(topics).items()),
            categories=CATEGORIES,
            urgencies=URGENCIES,
        )


def command_of(form: FormData) -> str:
    """Return the id under which a page sends its order."""
    try:
        return str(UUID(text_of(form, "command")))
    except ValueError:
        raise Missing from None
