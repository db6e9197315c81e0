"""HTTP in: each request is one query."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.database import Database
from chassis.http import Endpointed, Problem, route
from services.subscriptions import queries


def routes(database: Database, *, now: Clock) -> list[Endpointed]:
    """Return this service's routes."""

    async def pools(request: Request) -> Response:
        del request
        async with database.reading() as session:
            return JSONResponse(await queries.pools(session))

    async def pool(request: Request) -> Response:
        async with database.reading() as session:
            found = await queries.pool(session, request.path_params["pool"])
        if found is None:
            raise Problem(404, "Von diesem Bad ist nichts bekannt.", "Es wurde noch nie geschlossen gemeldet.")
        return JSONResponse(found)

    async def alerts(request: Request) -> Response:
        wanted = request.query_params.get("at")
        at = now() if wanted is None else _instant(wanted)
        async with database.reading() as session:
            return JSONResponse(await queries.alerts(session, at=at))

    return [
        route("GET", "/pools", pools, callers=["rathaus"]),
        route("GET", "/pools/{pool}", pool, callers=["rathaus"]),
        route("GET", "/alerts", alerts, callers=["rathaus"]),
    ]


def _instant(text: str) -> datetime:
    problem = Problem(422, "Dieser Zeitpunkt ist nicht lesbar.", "Erwartet wird zum Beispiel ?at=2026-07-01T12:00:00Z.")
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise problem
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise problem from None
