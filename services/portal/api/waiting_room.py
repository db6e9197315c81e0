"""The waiting room before new days are released (virtueller Warteraum): a place by lot, then one after the other."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.gateways.appointments import Appointments
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.visits import Office, ReleaseTicket
from services.portal.web.cookies import in_hours
from services.portal.web.doors import page, see_other
from services.portal.web.limits import client_of
from services.portal.web.site import Site

_COOKIE = "warteraum"
_HOURS = 4


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    pages = RoomPages(site)
    return [
        *page(site, "GET", "/termin/warteraum/{office}", pages.show),
        *page(site, "POST", "/termin/warteraum/{office}", pages.join),
    ]


class RoomPages:
    """The waiting room of one office."""

    def __init__(self, site: Site) -> None:
        """Show the pages of a site."""
        self._site = site
        self._appointments = Appointments(site.appointments)

    async def show(self, request: Request) -> Response:
        """Show when it opens; with a ticket how many are ahead. Renews itself."""
        office = await self._office(request)
        answer = await self._site.pages.render(
            request,
            "appointments/room.html",
            office=office,
            release=await self._appointments.release(office.office),
            ticket=await self._ticket(request, office),
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def join(self, request: Request) -> Response:
        """Take a place; who has one already keeps it."""
        office = await self._office(request)
        answer = see_other(request, f"/termin/warteraum/{office.office}")
        client = client_of(request, self._site.settings.client_header)
        try:
            token = await self._appointments.join_release(
                office.office, client, token=ticket_of(self._site, request, office.office)
            )
        except Refused:
            return answer
        until = in_hours(self._site.now(), _HOURS)
        self._site.cookies.set(answer, _COOKIE, f"{office.office} {token}", until=until)
        return answer

    async def _office(self, request: Request) -> Office:
        code = request.path_params["office"]
        found = next((each for each in await self._appointments.offices() if each.office == code), None)
        if found is None:
            raise Missing
        return found

    async def _ticket(self, request: Request, office: Office) -> ReleaseTicket | None:
        token = ticket_of(self._site, request, office.office)
        try:
            return await self._appointments.release_ticket(token) if token else None
        except (Missing, Refused):
            return None


def ticket_of(site: Site, request: Request, office: str) -> str | None:
    """Return the place that this browser has in the waiting room of an office."""
    kept = site.cookies.get(request, _COOKIE, now=site.now())
    of_office, _, token = (kept or "").partition(" ")
    return token if of_office == office and token else None
