"""The link in the mail that makes an entry of the waiting list count, for whom no script has done the proof of work."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.appointment_details import complaint_of
from services.portal.gateways.appointments import Appointments, subject_of
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.visits import Waiting
from services.portal.web.cookies import in_hours
from services.portal.web.doors import page, see_other
from services.portal.web.site import Site

_COOKIE = "warteliste"
"""The entry that this browser made last: its mail's link needs no second button here."""
_HOURS = 24


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = ConfirmPages(site)
    path = "/termin/warteliste/{token}/bestaetigen"
    return [
        *page(site, "GET", path, pages.show, token_in_path=True),
        *page(site, "POST", path, pages.confirm, token_in_path=True),
    ]


def joined(site: Site, request: Request, token: str) -> Response:
    """Lead to a new entry, and remember in this browser that it is its own."""
    answer = _to(request, token)
    site.cookies.set(answer, _COOKIE, token, until=in_hours(site.now(), _HOURS))
    return answer


class ConfirmPages:
    """Asks once; what is confirmed already leads to the entry."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site
        self._appointments = Appointments(site.appointments)

    async def show(self, request: Request) -> Response:
        """Confirm at once in the browser that has joined; elsewhere ask: mail scanners open every link."""
        token = request.path_params["token"]
        waiting = await self._appointments.waiting(token)
        if waiting.state != "unconfirmed":
            return await self._over(request) if waiting.state == "expired" else _to(request, waiting.token)
        mine = self._site.cookies.get(request, _COOKIE, now=self._site.now())
        if mine is not None and subject_of(mine) == subject_of(token) is not None:
            return await self.confirm(request)
        return await self._page(request, waiting=waiting)

    async def confirm(self, request: Request) -> Response:
        """Let the entry count."""
        token = request.path_params["token"]
        try:
            waiting = await self._appointments.confirm_waiting(token)
        except Missing:
            return await self._over(request)
        except Refused as refused:
            return await self._page(request, complaint=complaint_of(refused, self._site.pages.say(request)))
        return await self._over(request) if waiting.state == "expired" else _to(request, waiting.token)

    async def _over(self, request: Request) -> Response:
        return await self._page(request, over=True)

    async def _page(
        self, request: Request, *, waiting: Waiting | None = None, over: bool = False, complaint: str = ""
    ) -> Response:
        return await self._site.pages.render(
            request,
            "appointments/waiting_confirm.html",
            status=422 if complaint else 200,
            private=True,
            waiting=waiting,
            over=over,
            complaint=complaint,
        )


def _to(request: Request, token: str) -> Response:
    answer = see_other(request, f"/termin/warteliste/{token}?neu=1")
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
