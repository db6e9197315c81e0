"""HTTP in: the link to unsubscribe that stands in each mail."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, route
from services.subscriptions import queries_subscribers as queries
from services.subscriptions.api.people import Body, body_of, for_people
from services.subscriptions.commands.unsubscribe import undo, unsubscribe
from services.subscriptions.storage.registry import Registry


class UnsubscribeBody(Body):
    """What is to end: the topics of the mail, or all."""

    all: bool = False


def routes(registry: Registry) -> list[Endpointed]:
    """Return the routes."""

    async def get_unsubscribe(request: Request) -> Response:
        async with registry.database.reading() as session:
            return JSONResponse(await queries.unsubscribing(session, registry, request.path_params["token"]))

    async def post_unsubscribe(request: Request) -> Response:
        body = await body_of(request, UnsubscribeBody)
        done = await unsubscribe(registry, request.path_params["token"], everything=body.all)
        return JSONResponse({"removed": done.removed, "preferences": done.preferences})

    async def post_undo(request: Request) -> Response:
        return JSONResponse({"topics": await undo(registry, request.path_params["token"])})

    return [
        route("GET", "/unsubscribes/{token}", for_people(get_unsubscribe), callers=["portal"]),
        route("POST", "/unsubscribes/{token}", for_people(post_unsubscribe), callers=["portal"]),
        route("POST", "/unsubscribes/{token}/undo", for_people(post_undo), callers=["portal"]),
    ]
