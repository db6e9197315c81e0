"""The waiting hall: a number from the web, check-in, the live place, the call display."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import segno
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed
from services.portal.api.told import address
from services.portal.gateways.calls import Missing, Refused
from services.portal.gateways.tickets import Tickets, WalkIn
from services.portal.web.doors import form_of, limited, page, plain, see_other, text_of, texts_of
from services.portal.web.say import Say
from services.portal.web.site import Site

_ARRIVAL = "tickets.arrival."
STAFF_ARRIVAL = "calls.arrival."
_FORM = 422
_MOST = 20
UNCHANGED: Mapping[str, str] = {"HX-Reswap": "none", "Cache-Control": "no-store"}
"""A part that renews itself stays as it is: nothing is read out again, no button slips away."""


def routes(site: Site) -> list[Endpointed]:
    """State the pages."""
    hall = _Hall(site)
    return [
        *page(site, "GET", "/wartenummer", hall.choose),
        *page(site, "POST", "/wartenummer", hall.take),
        *page(site, "GET", "/wartenummer/{token}", hall.show, token_in_path=True),
        *page(site, "GET", "/ankunft", hall.arrival),
        *page(site, "POST", "/ankunft", hall.arrive, token_in_path=True),
        plain(site, "/anzeige/{office}", hall.display),
    ]


class _Hall:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._tickets = Tickets(site.appointments)

    async def choose(self, request: Request) -> Response:
        return await self._choice(request, request.query_params.get("ort", ""))

    async def _choice(
        self, request: Request, code: str, *, counts: Mapping[str, int] | None = None, told: str = ""
    ) -> Response:
        places = await self._tickets.walk_ins()
        place = next((each for each in places if each.office == code), None)
        return await self._site.pages.render(
            request,
            "tickets/choose.html",
            status=_FORM if told else 200,
            places=[each for each in places if each.services],
            hall=place,
            counts=counts or {},
            told=told,
            ticket_id=uuid4(),
        )

    async def take(self, request: Request) -> Response:
        """Give a number; so many in a while to one client, because each makes others wait."""
        limited(self._site, request, self._site.signups)
        form = await form_of(request)
        office, items = text_of(form, "ort"), chosen(form)
        if not items:
            return await self._choice(request, office, told="nothing")
        try:
            ticket = await self._tickets.take(office, items, ticket_id=id_of(form))
        except Refused as refused:
            if refused.status != _FORM:
                raise
            return await self._choice(request, office, counts=items, told=str(refused.body.get("code")))
        return see_other(request, f"/wartenummer/{ticket.token}")

    async def show(self, request: Request) -> Response:
        ticket = await self._tickets.ticket(request.path_params["token"])
        say = self._site.pages.say(request)
        is_over = ticket.day != say.today()
        mark = mark_of(ticket, is_over)
        if is_renewal(request, mark):
            return Response(headers=UNCHANGED)
        return await self._site.pages.render(
            request, "tickets/ticket.html", private=True, ticket=ticket, is_over=is_over, mark=mark
        )

    async def arrival(self, request: Request) -> Response:
        query = request.query_params
        return await self._arrival(request, query.get("ort", ""), booking=query.get("termin", ""))

    async def _arrival(
        self, request: Request, office: str, *, number: str = "", booking: str = "", told: str = "", status: int = 200
    ) -> Response:
        return await self._site.pages.render(
            request,
            "tickets/arrival.html",
            status=status,
            private=True,
            office=office,
            number=number,
            booking=booking,
            told=told,
        )

    async def arrive(self, request: Request) -> Response:
        limited(self._site, request, self._site.signups)
        form = await form_of(request)
        office, number, booking = (text_of(form, name)[:64] for name in ("ort", "nummer", "termin"))
        try:
            ticket = await self._tickets.arrive(
                number=number[:40] or None, booking=booking or None, office=office or None
            )
        except (Missing, Refused) as error:
            told = arrival_told(self._site.pages.say(request), error)
            return await self._arrival(request, office, number=number, booking=booking, told=told, status=_FORM)
        return see_other(request, f"/wartenummer/{ticket.token}")

    async def display(self, request: Request) -> Response:
        display = await self._tickets.display(request.path_params["office"])
        mark = mark_of(display.called)
        if is_renewal(request, mark):
            return Response(headers=UNCHANGED)
        home = address(self._site.settings, f"/wartenummer?ort={display.office}")
        picture = segno.make(home, error="m", micro=False).svg_inline(border=2, omitsize=True, lineclass=None)
        return await self._site.pages.render(
            request,
            "tickets/display.html",
            display=display,
            english=Say("en", self._site.now),
            mark=mark,
            code=Markup(picture),  # noqa: S704 - made of our address and the code of an office
        )


def chosen(form: FormData) -> dict[str, int]:
    """Return how often each service is wanted."""
    counts = {each: text_of(form, f"zahl-{each}") or "1" for each in texts_of(form, "anliegen")}
    return {each: min(int(count), _MOST) for each, count in counts.items() if count in _DIGITS}


_DIGITS = frozenset(str(each) for each in range(1, _MOST + 1))


def id_of(form: FormData) -> UUID:
    """Return the id of a number to come: the same form sent twice is one number."""
    try:
        return UUID(text_of(form, "nummer_id"))
    except ValueError:
        raise Missing from None


def arrival_told(say: Say, error: Missing | Refused, *, family: str = _ARRIVAL) -> str:
    """Say why somebody cannot check in, with time and place where that helps; staff read it in words of their own."""
    body: Mapping[str, Any] = error.body if isinstance(error, Refused) else {}
    key = f"{family}{body.get('code')}"
    starts_at = body.get("starts_at")
    when = say.moment(datetime.fromisoformat(starts_at)) if isinstance(starts_at, str) else ""
    if not say.has(key):
        key = f"{family}missing"
    return say.text(key, when=when, place=str(body.get("office_name", "")))


def is_renewal(request: Request, mark: str) -> bool:
    """Say whether a page that is open asks for itself, and nothing on it has changed."""
    return "hx-request" in request.headers and request.query_params.get("marke") == mark


def mark_of(*shown: object) -> str:
    """Return a short name of all that a page shows and that changes by itself."""
    return sha256(repr(shown).encode()).hexdigest()[:16]


def office_of(places: tuple[WalkIn, ...], code: str) -> WalkIn:
    """Return one office; Missing when there is none."""
    found = next((each for each in places if each.office == code), None)
    if found is None:
        raise Missing
    return found
