"""HTTP in: how notices are delivered; each request is one query."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.database import Database
from chassis.http import Endpointed, Problem, path_id, route
from services.accounts import queries


def routes(database: Database) -> list[Endpointed]:
    """Return the routes of the delivery decisions."""

    async def routing(request: Request) -> Response:
        notice_id: UUID = path_id(request, "notice_id")
        async with database.reading() as session:
            found = await queries.routing(session, notice_id)
        if found is None:
            raise Problem(404, "Über diesen Bescheid ist noch nicht entschieden.")
        return JSONResponse(found)

    async def run(request: Request) -> Response:
        async with database.reading() as session:
            return JSONResponse(await queries.channels_of_run(session, path_id(request, "run_id")))

    return [
        route("GET", "/notices/{notice_id}/routing", routing, callers=["rathaus"]),
        route("GET", "/runs/{run_id}/channels", run, callers=["rathaus"]),
    ]
