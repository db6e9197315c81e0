"""HTTP in: appointments as calendars (iCalendar)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed, Problem, route
from services.appointments.api.told import refusing
from services.appointments.commands.feeds import appointments_of_address, busy_of, one_appointment
from services.appointments.commands.mails import house_of
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import NotOfferedError
from services.appointments.domain.ticks import LOCAL
from services.appointments.gateways import ics

_MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class _Feeds:
    desk: Desk

    async def one(self, request: Request) -> Response:
        """Return one appointment; a cancelled one says so."""
        booking = await one_appointment(request.path_params["token"], "booking", self.desk)
        return self._answer([booking], title=self.desk.settings.town_name)

    async def of_person(self, request: Request) -> Response:
        """Return all appointments under the e-mail address of one, as its mails link it; or that one alone."""
        bookings = await appointments_of_address(request.path_params["token"], self.desk)
        return self._answer(bookings, title=f"Termine {self.desk.settings.town_name}")

    async def free_busy(self, request: Request) -> Response:
        """Return when the resources of an office are taken, without names."""
        office = request.query_params.get("office", "")
        if office not in self.desk.master.offices:
            raise NotOfferedError("unknown")
        first, days = _span(request, self.desk)
        span, busy = await busy_of(office, first, days, self.desk)
        host = urlsplit(self.desk.settings.portal_url).hostname or "localhost"
        return _calendar(ics.free_busy(busy, host=host, office=office, span=span, now=self.desk.now()))

    def _answer(self, bookings: list[Booking], *, title: str) -> Response:
        return _calendar(ics.feed(bookings, house_of(self.desk), title=title, now=self.desk.now()))


def routes(desk: Desk) -> list[Endpointed]:
    """State the routes of the feeds."""
    api = _Feeds(desk)
    return [
        route("GET", "/bookings/{token}/calendar.ics", refusing(api.one), callers=["portal"]),
        route("GET", "/calendars/{token}.ics", refusing(api.of_person), callers=["portal"]),
        route("GET", "/free-busy.ics", refusing(api.free_busy), callers=["portal"]),
    ]


def _span(request: Request, desk: Desk) -> tuple[date, int]:
    today: datetime = desk.now().astimezone(LOCAL)
    try:
        first = date.fromisoformat(request.query_params.get("from", today.date().isoformat()))
        days = int(request.query_params.get("days", "14"))
        _ = first + timedelta(days=_MOST_DAYS)
    except (ValueError, OverflowError):
        detail = "from ist ein Tag (JJJJ-MM-TT), days eine Anzahl von Tagen."
        raise Problem(422, "Diese Zeitspanne ist nicht lesbar.", detail, code="span") from None
    return first, min(max(days, 1), _MOST_DAYS)


def _calendar(content: bytes) -> Response:
    return Response(content, media_type="text/calendar; charset=utf-8")
