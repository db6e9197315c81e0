"""HTTP in, for the desk: lists of earlier systems, and mails that came back."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, Problem, route
from services.subscriptions.api.people import content_of, for_people
from services.subscriptions.commands.import_list import import_list
from services.subscriptions.commands.take_bounce import take_bounce
from services.subscriptions.domain.import_rows import UnreadableError
from services.subscriptions.storage.registry import Registry

LONGEST_LIST = 64 * 1024 * 1024
LONGEST_BOUNCE = 1024 * 1024


def routes(registry: Registry) -> list[Endpointed]:
    """Return the routes."""

    async def post_import(request: Request) -> Response:
        content = await content_of(request, longest=LONGEST_LIST)
        try:
            report = await import_list(registry, content)
        except UnreadableError as error:
            raise Problem(422, "Diese Liste ist nicht lesbar.", str(error)) from None
        return JSONResponse({"rows": report.rows, **asdict(report)})

    async def post_bounce(request: Request) -> Response:
        taken = await take_bounce(registry, await content_of(request, longest=LONGEST_BOUNCE))
        return JSONResponse(asdict(taken))

    return [
        route("POST", "/imports", for_people(post_import), callers=["rathaus"]),
        route("POST", "/bounces", for_people(post_bounce), callers=["rathaus"]),
    ]
