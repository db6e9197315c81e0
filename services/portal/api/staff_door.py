"""The staff's door: device link, PIN, session. Every staff page asks accounts who is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chassis.errors import DependencyDown
from chassis.http import Endpointed
from services.portal.gateways.calls import Missing
from services.portal.gateways.staff import Device, LockedOut, SignedIn, Staff, WrongPin
from services.portal.web.doors import Told, form_of, limited, page, text_of
from services.portal.web.site import Site

START = "/dienst"
DESK = "/dienst/meldungen"
CLERKS = ("clerk", "approver")
_APPOINTMENTS = {"counter": "/dienst/termine", "planner": "/dienst/termine/zeiten"}
_DEVICE, _SESSION, _LOST = "geraet", "dienst", "verloren"
_LOST_KEPT = timedelta(minutes=15)
"""So long it may take to find the PIN; then nobody remembers the tap."""
_DEVICE_KEPT = timedelta(days=365)
StaffHandler = Callable[[Request, Device], Awaitable[Response]]


class StaffDoor:
    """Lets in devices with link and PIN; states pages behind it, in German only."""

    def __init__(self, site: Site) -> None:
        """Guard the staff pages of a site."""
        self.site = site
        self._staff = Staff(site.accounts)

    def page(self, method: str, path: str, handler: StaffHandler, *roles: str) -> list[Endpointed]:
        """State a page for devices with one of these roles (any, when none is named)."""

        async def guarded(request: Request) -> Response:
            device = await self._signed_in(request)
            if device is None:
                return self._lost(request, await self._to_start(request))
            if roles and not device.may(*roles):
                raise Told(403, "not_your_role")
            return await handler(request, device)

        async def sure(request: Request) -> Response:
            try:
                return await guarded(request)
            except DependencyDown:
                return await self._again(request)

        return page(self.site, method, path, guarded if method == "GET" else sure)[:1]

    async def render(self, request: Request, template: str, *, status: int = 200, **context: object) -> Response:
        """Return a staff page. It names itself as the origin of its forms: its address holds no secret."""
        answer = await self.site.pages.render(
            request,
            f"staff/{template}",
            status=status,
            private=True,
            framed=False,
            alternates=(),
            count=count,
            lost=(lost := "device" in context and self._has_lost(request)),
            **context,
        )
        answer.headers["Referrer-Policy"] = "same-origin"
        if lost:
            self.site.cookies.drop(answer, _LOST)
        return answer

    def _lost(self, request: Request, answer: Response) -> Response:
        """Remember over the PIN that a tap went nowhere, because the session had ended."""
        if request.method != "GET" and self._device_token(request) is not None:
            now = self.site.now()
            self.site.cookies.set(answer, _LOST, "1", until=now + _LOST_KEPT, samesite="strict")
        return answer

    def _has_lost(self, request: Request) -> bool:
        lost = self.site.cookies.get(request, _LOST, now=self.site.now()) is not None
        return lost and "hx-request" not in request.headers

    async def _again(self, request: Request) -> Response:
        """Offer the same order once more when nobody knows whether it arrived: it counts once, however often sent."""
        form = await form_of(request)
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        answer = await self.render(request, "retry.html", status=503, fields=fields, action=request.url.path)
        answer.headers["Retry-After"] = "5"
        return answer

    def routes(self) -> list[Endpointed]:
        """State start, link, PIN and farewell; after all other staff pages, because a link looks like one."""
        return [
            *page(self.site, "GET", START, self._start)[:1],
            *page(self.site, "POST", START, self._take_pin)[:1],
            *page(self.site, "POST", "/dienst/abmelden", self._sign_out)[:1],
            *page(self.site, "GET", "/dienst/{token}", self._link, token_in_path=True)[:1],
            *page(self.site, "POST", "/dienst/{token}", self._take_link_pin, token_in_path=True)[:1],
        ]

    async def _signed_in(self, request: Request) -> Device | None:
        session = self.site.cookies.get(request, _SESSION, now=self.site.now())
        return None if session is None else await self._staff.signed_in(session)

    async def _to_start(self, request: Request) -> Response:
        """Ask for the PIN; a part of a page that renews itself takes the whole page there."""
        if "hx-request" in request.headers:
            return Response(headers={"HX-Redirect": START, "Cache-Control": "no-store"})
        if self._comes_from_elsewhere(request):
            return await self.render(request, "again.html", target=request.url.path)
        return RedirectResponse(START, 303, headers={"Cache-Control": "no-store"})

    def _comes_from_elsewhere(self, request: Request) -> bool:
        """Say whether a link of another site, as webmail, led here: the browser then holds our strict cookies back."""
        nothing_sent = self._device_token(request) is None
        return request.method == "GET" and nothing_sent and request.headers.get("sec-fetch-site") == "cross-site"

    def _device_token(self, request: Request) -> str | None:
        return self.site.cookies.get(request, _DEVICE, now=self.site.now())

    async def _start(self, request: Request) -> Response:
        device = await self._signed_in(request)
        if device is None:
            token = self._device_token(request)
            if token is None and self._comes_from_elsewhere(request):
                return await self.render(request, "again.html", target=START)
            return await self._ask_pin(request, token, action=START)
        places = [f"/dienst/bad/{pool}" for pool in device.pools if device.serves(pool)]
        if device.may(*CLERKS):
            places.append(DESK)
        places += [address for role, address in _APPOINTMENTS.items() if device.may(role)]
        if len(places) == 1:
            return RedirectResponse(places[0], 303, headers={"Cache-Control": "no-store"})
        names = {pool.pool: pool.name for pool in await self.site.subscriptions.pools()}
        return await self.render(request, "start.html", device=device, names=names)

    async def _link(self, request: Request) -> Response:
        limited(self.site, request, self.site.pins)
        token = request.path_params["token"]
        return await self._ask_pin(request, token, action=f"{START}/{token}")

    async def _take_link_pin(self, request: Request) -> Response:
        token = request.path_params["token"]
        return await self._try_pin(request, token, action=f"{START}/{token}")

    async def _take_pin(self, request: Request) -> Response:
        token = self._device_token(request)
        if token is None:
            return RedirectResponse(START, 303)
        return await self._try_pin(request, token, action=START)

    async def _ask_pin(
        self, request: Request, token: str | None, *, action: str, outcome: WrongPin | LockedOut | None = None
    ) -> Response:
        name = await self._name(token, is_link=action != START)
        answer = await self.site.pages.render(
            request,
            "staff/pin.html",
            status=200 if outcome is None else 423 if isinstance(outcome, LockedOut) else 401,
            private=True,
            name=name,
            action=action,
            expired=self._has_lost(request),
            tries_left=outcome.tries_left if isinstance(outcome, WrongPin) else None,
            locked_until=outcome.until if isinstance(outcome, LockedOut) else None,
        )
        if action == START:
            answer.headers["Referrer-Policy"] = "same-origin"
        return answer

    async def _name(self, token: str | None, *, is_link: bool) -> str | None:
        """Return the name of a device; None when there is no such (any more), Missing for a link that says nothing."""
        try:
            return None if token is None else (await self._staff.device(token)).name
        except Missing:
            if is_link:
                raise
            return None

    async def _try_pin(self, request: Request, token: str, *, action: str) -> Response:
        limited(self.site, request, self.site.pins)
        outcome = await self._staff.sign_in(token, _pin(await form_of(request)))
        if not isinstance(outcome, SignedIn):
            return await self._ask_pin(request, token, action=action, outcome=outcome)
        answer = RedirectResponse(START, 303, headers={"Cache-Control": "no-store"})
        cookies, now = self.site.cookies, self.site.now()
        cookies.set(answer, _DEVICE, token, until=now + _DEVICE_KEPT, samesite="strict")
        cookies.set(answer, _SESSION, outcome.session, until=outcome.expires_at, samesite="strict")
        return answer

    async def _sign_out(self, request: Request) -> Response:
        session = self.site.cookies.get(request, _SESSION, now=self.site.now())
        if session is not None:
            await self._staff.sign_out(session)
        answer = RedirectResponse(START, 303, headers={"Cache-Control": "no-store"})
        self.site.cookies.drop(answer, _SESSION)
        return answer


def _pin(form: FormData) -> str:
    """Return the digits; people type them in groups, as they are printed."""
    return "".join(text_of(form, "pin")[:128].split()) or "-"


def count(number: int) -> str:
    """Return a number as people read it: `4.213`."""
    return f"{number:,}".replace(",", ".")
