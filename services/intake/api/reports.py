"""For other services of the town hall: reports by their reference, and how the systems are doing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.database import Database
from chassis.http import Endpointed, Problem, path_id, route
from services.intake import queries
from services.intake.commands.fetch_report import ErasedError, fetch_report
from services.intake.storage.systems_file import SystemsFile


def routes(database: Database, systems: SystemsFile, now: Clock) -> list[Endpointed]:
    """Return these routes."""

    async def report(request: Request) -> Response:
        report_id = path_id(request, "report_id")
        try:
            found = await fetch_report(report_id, database=database, now=now)
        except ErasedError:
            title = "Diese Meldung wurde abgeholt und danach gelöscht."
            raise Problem(410, title, "Wird sie noch gebraucht, muss die meldende Stelle sie neu senden.") from None
        if found is None:
            raise Problem(404, "Diese Meldung gibt es hier nicht.")
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    async def overview(request: Request) -> Response:
        del request
        async with database.reading() as session:
            return JSONResponse({"systems": await queries.overview(session, systems.current(), now=now())})

    return [
        route("GET", "/reports/{report_id}", report, callers=["notices"]),
        route("GET", "/systems", overview, callers=["rathaus"]),
    ]
