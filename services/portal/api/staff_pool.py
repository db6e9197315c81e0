"""The one-thumb page of a pool: for a phone in the sun."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from uuid import UUID, uuid4, uuid5

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.forms import complaint
from services.portal.api.pools import consent_or_none
from services.portal.api.staff_door import StaffDoor, StaffHandler
from services.portal.api.staff_outcome import SPANS, done_by_closing, end_of, gravest_first, overtaken, still_true
from services.portal.gateways.alerts import Alerts, Report
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.duty import Duty, Weather
from services.portal.gateways.models import Pool
from services.portal.gateways.staff import Device
from services.portal.web.doors import Told, form_of, limited, see_other, text_of

REASONS = ("thunderstorm", "storm", "water_quality", "technical", "staff", "other")
_AS_BEFORE = "wie-bisher"
"""A corrected reason leaves the expected end as it is."""
"""Midnight would read `bis morgen, 0:00 Uhr`."""
_CHANGED = 409
_WARMEST = 45
_TOLD_LATELY = timedelta(hours=6)
_NEWEST = 20


class StaffPool:
    """Close, open, measure, decide."""

    def __init__(self, door: StaffDoor) -> None:
        """Show the page behind the door."""
        self._door = door
        self._site = door.site
        self._duty = Duty(door.site.subscriptions.calls)
        self._alerts = Alerts(door.site.subscriptions.calls)

    def routes(self) -> list[Endpointed]:
        """State the page and its buttons."""
        buttons: dict[str, StaffHandler] = {
            "schliessen": self._close,
            "oeffnen": self._open,
            "wasser": self._measure,
            "vorschlag": self._decide,
            "email": self._subscribe,
        }
        return [
            *self._door.page("GET", "/dienst/bad/{pool}", self._show, "attendant"),
            *(
                each
                for name, handler in buttons.items()
                for each in self._door.page("POST", f"/dienst/bad/{{pool}}/{name}", handler, "attendant")
            ),
        ]

    async def _show(self, request: Request, device: Device) -> Response:
        return await self._page(request, device)

    async def _page(self, request: Request, device: Device, *, status: int = 200, wrong: str = "") -> Response:
        code = pool_of(request, device)
        pool = await self._site.subscriptions.pool(code)
        weather, told = await self._duty.weather(code), await self._told(code)
        mark = _mark(pool, weather, told)
        if "hx-request" in request.headers and request.query_params.get("marke") == mark:
            # A button that is exchanged under a finger loses the tap: what has not changed stays.
            return Response(headers={"HX-Reswap": "none", "Cache-Control": "no-store"})
        return await self._door.render(
            request,
            "pool.html",
            status=status,
            device=device,
            pool=pool,
            weather=weather,
            proposals=gravest_first(weather.proposals),
            told=told,
            mark=mark,
            consent=await consent_or_none(self._site),
            reasons=REASONS,
            spans=SPANS,
            tap=uuid4(),
            done=still_true(request.query_params, pool),
            wrong=wrong,
            overtaken=status == _CHANGED,
            own=f"/dienst/bad/{code}",
        )

    async def _told(self, pool: str) -> Report | None:
        """Return what people were told last, if that was today."""
        mine = f"pool:{pool}"
        newest = next((each for each in await self._alerts.newest(limit=_NEWEST) if each.subject == mine), None)
        if newest is None or self._site.now() - newest.made_at > _TOLD_LATELY:
            return None
        return await self._alerts.report(newest.announcement_id)

    async def _close(self, request: Request, device: Device) -> Response:
        form = await form_of(request)
        reason, span = text_of(form, "reason"), text_of(form, "dauer")
        if reason not in REASONS:
            raise Told(422, "refused")
        pool = pool_of(request, device)
        until = end_of(span, self._site.now())
        if span == _AS_BEFORE:
            until = (await self._site.subscriptions.pool(pool)).until
        body: dict[str, object] = {
            "tap_id": _tap(form, f"close|{reason}|{span}"),
            "reason": reason,
            "until": None if until is None else until.isoformat(),
            "seen_version": _seen(form),
            "by": device.name,
        }
        try:
            await self._duty.close_pool(pool, body)
        except Refused as refused:
            return await self._overtaken(request, device, refused)
        return await self._done(request, pool, done_by_closing(form))

    async def _open(self, request: Request, device: Device) -> Response:
        form = await form_of(request)
        mistaken = text_of(form, "irrtum") == "1"
        body: dict[str, object] = {
            "tap_id": _tap(form, f"open|{mistaken}"),
            "mistaken": mistaken,
            "seen_version": _seen(form),
            "by": device.name,
        }
        pool = pool_of(request, device)
        try:
            await self._duty.open_pool(pool, body)
        except Refused as refused:
            return await self._overtaken(request, device, refused)
        return await self._done(request, pool, "irrtum" if mistaken else "offen")

    async def _measure(self, request: Request, device: Device) -> Response:
        pool = pool_of(request, device)
        celsius = _celsius(text_of(await form_of(request), "celsius"))
        if celsius is None:
            said = self._site.pages.say(request).text("staff.water_wrong")
            return await self._page(request, device, status=422, wrong=said)
        await self._duty.measured(pool, str(celsius), by=device.name)
        return see_other(request, f"/dienst/bad/{pool}?getan=wasser")

    async def _decide(self, request: Request, device: Device) -> Response:
        """Confirm or dismiss what the weather watcher proposes for this pool."""
        form = await form_of(request)
        pool = pool_of(request, device)
        open_ones = {str(each.proposal_id): each for each in (await self._duty.weather(pool)).proposals}
        proposal = open_ones.get(text_of(form, "vorschlag"))
        if proposal is None:
            said = self._site.pages.say(request).text("staff.proposal_gone")
            return await self._page(request, device, status=_CHANGED, wrong=said)
        confirmed = text_of(form, "antwort") == "ja"
        try:
            if confirmed:
                await self._duty.confirm(proposal.proposal_id, by=device.name)
            else:
                await self._duty.dismiss(proposal.proposal_id, by=device.name)
        except Refused as refused:
            if refused.status != _CHANGED:
                raise
            return await self._page(request, device, status=_CHANGED, wrong=complaint(refused.body))
        done = ("geschlossen" if proposal.action == "close" else "offen") if confirmed else "abgelehnt"
        return await self._done(request, pool, done)

    async def _subscribe(self, request: Request, device: Device) -> Response:
        limited(self._site, request, self._site.signups)
        pool = pool_of(request, device)
        email = text_of(await form_of(request), "email")
        try:
            await self._duty.subscribe(email, pool, by=device.name)
        except Refused as refused:
            return await self._page(request, device, status=422, wrong=complaint(refused.body))
        return see_other(request, f"/dienst/bad/{pool}?getan=email")

    async def _done(self, request: Request, pool: str, done: str) -> Response:
        """Go back to the page; the version in the address ends the message when the pool moves on."""
        version = (await self._site.subscriptions.pool(pool)).version
        return see_other(request, f"/dienst/bad/{pool}?getan={done}&stand={version}")

    async def _overtaken(self, request: Request, device: Device, refused: Refused) -> Response:
        """Say in words what holds now and what was not done, above the buttons of now."""
        if refused.status != _CHANGED:
            raise refused
        pool = await self._site.subscriptions.pool(pool_of(request, device))
        said = overtaken(self._site.pages.say(request), pool, await form_of(request))
        return await self._page(request, device, status=_CHANGED, wrong=said)


def pool_of(request: Request, device: Device) -> str:
    """Return the pool of the address, if the device serves it."""
    pool = str(request.path_params["pool"])
    if not device.serves(pool):
        raise Told(403, "not_your_pool")
    return pool


def _mark(pool: Pool, weather: Weather, told: Report | None) -> str:
    """Return a short name of all that the page shows and that changes by itself."""
    people = None if told is None else (told.announcement_id, told.state, sorted(told.deliveries.by_state.items()))
    proposals = [each.proposal_id for each in weather.proposals]
    shown = (pool.version, pool.now, pool.until, weather.watch.state, weather.watch.since, proposals, people)
    return sha256(repr(shown).encode()).hexdigest()[:16]


def _tap(form: FormData, what: str) -> str:
    """Return the id of a tap: one per page and button, so that another button of the same page is another tap."""
    try:
        return str(uuid5(UUID(text_of(form, "tap_id")), what))
    except ValueError:
        raise Missing from None


def _seen(form: FormData) -> int:
    text = text_of(form, "seen_version")
    if not text.isascii() or not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more taps than a pool ever sees
        raise Missing
    return int(text)


def _celsius(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "."))
        return value.quantize(Decimal("0.1")) if 0 <= value <= _WARMEST else None
    except InvalidOperation:
        return None
