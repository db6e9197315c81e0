"""HTTP in, for the desk: opening hours and bookings of an earlier system."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed, Problem, route
from services.appointments.api.calendar_forms import content_of
from services.appointments.api.told import answer, refusing
from services.appointments.commands.import_bookings import import_bookings
from services.appointments.commands.import_hours import Report, import_hours
from services.appointments.desk import Desk
from services.appointments.domain.table_file import UnreadableError

LONGEST_FILE = 32 * 1024 * 1024
_CALENDAR = "text/calendar"


def routes(desk: Desk) -> list[Endpointed]:
    """Return the routes."""

    async def post_hours(request: Request) -> Response:
        content = await content_of(request, longest=LONGEST_FILE)
        try:
            return _told(await import_hours(desk, content))
        except UnreadableError as error:
            raise _unreadable(error) from None

    async def post_bookings(request: Request) -> Response:
        content = await content_of(request, longest=LONGEST_FILE)
        is_calendar = request.headers.get("content-type", "").startswith(_CALENDAR)
        try:
            return _told(await import_bookings(desk, content, is_calendar=is_calendar))
        except UnreadableError as error:
            raise _unreadable(error) from None

    return [
        route("POST", "/imports/opening-hours", refusing(post_hours), callers=["rathaus"]),
        route("POST", "/imports/bookings", refusing(post_bookings), callers=["rathaus"]),
    ]


def _told(report: Report) -> Response:
    return answer({"rows": report.rows, **asdict(report)})


def _unreadable(error: UnreadableError) -> Problem:
    return Problem(422, "Diese Datei ist nicht lesbar.", str(error), code="unreadable")
