"""Messages of clerks: list, delivery report, second person (Vier-Augen-Prinzip), update, all-clear (Entwarnung)."""

from __future__ import annotations

from collections.abc import Awaitable
from uuid import UUID, uuid4, uuid5

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.forms import complaint
from services.portal.api.staff_compose import command_of
from services.portal.api.staff_door import CLERKS, DESK, StaffDoor
from services.portal.api.staff_draft import as_typed, instant, local_time, scope_of, typed, wordings
from services.portal.api.told import places_of
from services.portal.gateways.alerts import Alerts, Report
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.duty import Duty
from services.portal.gateways.staff import Device
from services.portal.web.doors import form_of, limited, see_other, text_of

_MOST_DIGITS = 18
_GOING = ("expanding", "sending")
_FITTING = {
    "gehalten": ("held",),
    "gesendet": (*_GOING, "done"),
    "freigegeben": (*_GOING, "done"),
    "abgelehnt": ("rejected",),
}
_APPROVERS = "alerts"
"""Subscriptions' name for what waits for release."""


class StaffAlerts:
    """What is out, what waits, and what became of it."""

    def __init__(self, door: StaffDoor) -> None:
        """Show the pages behind the door."""
        self._door = door
        self._site = door.site
        self._alerts = Alerts(door.site.subscriptions.calls)
        self._duty = Duty(door.site.subscriptions.calls)

    def routes(self) -> list[Endpointed]:
        """State the pages."""
        one = f"{DESK}/{{number}}"
        return [
            *self._door.page("GET", DESK, self._list, *CLERKS),
            *self._door.page("POST", f"{DESK}/email", self._subscribe, "approver"),
            *self._door.page("GET", one, self._show, *CLERKS),
            *self._door.page("POST", f"{one}/freigabe", self._release, "approver"),
            *self._door.page("POST", f"{one}/ablehnung", self._reject, "approver"),
            *self._door.page("POST", f"{one}/stand", self._update, "clerk"),
            *self._door.page("POST", f"{one}/ende", self._end, *CLERKS),
        ]

    async def _list(self, request: Request, device: Device) -> Response:
        return await self._listed(request, device, done=request.query_params.get("getan", ""))

    async def _listed(
        self, request: Request, device: Device, *, status: int = 200, done: str = "", wrong: str = ""
    ) -> Response:
        found = await self._alerts.newest()
        return await self._door.render(
            request,
            "alerts.html",
            status=status,
            done=done,
            wrong=wrong,
            device=device,
            held=[each for each in found if each.state == "held"],
            others=[each for each in found if each.state != "held"],
            going=any(each.state in _GOING for each in found),
        )

    async def _subscribe(self, request: Request, device: Device) -> Response:
        """Ask for a confirmation mail, after which this address hears of what waits for release."""
        limited(self._site, request, self._site.signups)
        email = text_of(await form_of(request), "email")
        try:
            await self._duty.subscribe(email, _APPROVERS, by=device.name)
        except Refused as refused:
            return await self._listed(request, device, status=422, wrong=complaint(refused.body))
        return see_other(request, f"{DESK}?getan=email")

    async def _show(self, request: Request, device: Device) -> Response:
        report = await self._alerts.report(_number(request))
        return await self._page(request, device, report)

    async def _page(
        self, request: Request, device: Device, report: Report, *, status: int = 200, wrong: str = ""
    ) -> Response:
        form = await form_of(request)
        places = places_of(await self._site.subscriptions.topics())
        told = report.state in {*_GOING, "done", "superseded"}
        return await self._door.render(
            request,
            "report.html",
            status=status,
            device=device,
            report=report,
            own=f"{DESK}/{report.announcement_id}",
            going=report.state in _GOING,
            can_change=told and report.ended_at is None and not report.is_of_pool,
            is_author=report.made_by == device.name,
            until=text_of(form, "ends") or local_time(report.expires_at),
            texts=typed(form) if "headline_de" in form else as_typed(report.texts),
            scope=scope_of(report.facts, places, ends=report.expires_at),
            command=uuid4(),
            done=_still_true(request, report),
            wrong=wrong,
        )

    async def _release(self, request: Request, device: Device) -> Response:
        number = _number(request)
        doing = self._alerts.release(number, by=device.name)
        return await self._done(request, device, doing, "freigegeben")

    async def _reject(self, request: Request, device: Device) -> Response:
        why = text_of(await form_of(request), "why")
        doing = self._alerts.reject(_number(request), by=device.name, why=why)
        return await self._done(request, device, doing, "abgelehnt")

    async def _update(self, request: Request, device: Device) -> Response:
        form = await form_of(request)
        report = await self._alerts.report(_number(request))
        texts, ends = typed(form), instant(text_of(form, "ends"))
        if not texts["headline_de"] or not texts["body_de"] or ends is None:
            said = self._site.pages.say(request).text("desk.wrong_no_german")
            return await self._page(request, device, report, status=422, wrong=said)
        body = {"texts": wordings(texts), "valid_until": ends, **_order(form, device, f"update|{texts}")}
        return await self._made(request, device, report, self._alerts.update(report.incident, body))

    async def _end(self, request: Request, device: Device) -> Response:
        form = await form_of(request)
        report = await self._alerts.report(_number(request))
        body = {"mistaken": text_of(form, "irrtum") == "1", **_order(form, device, "end")}
        return await self._made(request, device, report, self._alerts.end(report.incident, body))

    async def _done(self, request: Request, device: Device, doing: Awaitable[None], done: str) -> Response:
        number = _number(request)
        try:
            await doing
        except Refused as refused:
            report = await self._alerts.report(number)
            return await self._page(request, device, report, status=refused.status, wrong=complaint(refused.body))
        return see_other(request, f"{DESK}/{number}?getan={done}")

    async def _made(self, request: Request, device: Device, report: Report, making: Awaitable[Report]) -> Response:
        """Go to the announcement that was made, or say why there is none."""
        try:
            made = await making
        except Refused as refused:
            return await self._page(request, device, report, status=refused.status, wrong=complaint(refused.body))
        done = "gehalten" if made.state == "held" else "gesendet"
        return see_other(request, f"{DESK}/{made.announcement_id}?getan={done}")


def _order(form: FormData, device: Device, what: str) -> dict[str, object]:
    """Return who asks, and an id of its own for each thing that a page can ask for."""
    return {"command_id": str(uuid5(UUID(command_of(form)), what)), "by": device.name}


def _still_true(request: Request, report: Report) -> str:
    """Return what the address says was done, while the state fits it: Back shows an old address."""
    done = request.query_params.get("getan", "")
    return done if report.state in _FITTING.get(done, ()) else ""


def _number(request: Request) -> int:
    text = str(request.path_params["number"])
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    raise Missing
