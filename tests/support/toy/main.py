"""`python -m tests.support.toy.main notices|accounts`: one part of the toy town hall."""

from __future__ import annotations

import asyncio
import sys

from pydantic_settings import SettingsConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.consumer import consume
from chassis.database import Database
from chassis.http import Endpointed, route
from chassis.outbox import record
from chassis.service import Service, run
from chassis.settings import ServiceSettings
from chassis.storage import assemble
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from tests.support.events import a_delivery_routed, a_notice_generated
from tests.support.toy.effects import DURABLE, effects, first_effect

UNWELCOME = "Erika Mustermann"


class ToySettings(ServiceSettings):
    """Settings of the toy."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="TOY_")


def routes(database: Database) -> list[Endpointed]:
    """Three things to ask for."""

    async def generate(request: Request) -> Response:
        events = [
            a_notice_generated(kind=request.query_params.get("kind", "umlage"))
            for _ in range(int(request.query_params["count"]))
        ]
        async with database.transaction() as session:
            await record(session, events)
        return JSONResponse([event.key() for event in events], status_code=201)

    async def fail(request: Request) -> Response:
        del request
        raise KeyError(UNWELCOME)

    async def count(request: Request) -> Response:
        del request
        return JSONResponse(await effects(database))

    return [
        route("POST", "/notices", generate, callers=["rathaus"]),
        route("POST", "/failures", fail, callers=["rathaus"]),
        route("GET", "/effects", count, callers=["rathaus"]),
    ]


def register(service: Service, database: Database) -> None:
    """Handle an event: claim, effect and follow-up in one transaction."""

    async def on_notice_generated(event: CloudEvent[NoticeGenerated]) -> None:
        if event.data.kind == UNWELCOME:
            raise KeyError(UNWELCOME)
        async with database.transaction() as session:
            if await first_effect(session, event):
                await record(session, [a_delivery_routed(event.data.notice_id)])

    consume(service.consuming, DURABLE, {NoticeGenerated: on_notice_generated})


def build(identity: str, settings: ToySettings) -> Service:
    """Put it together."""
    service, database = assemble(identity, settings, package="tests.support.toy")
    service.routes = routes(database)
    if identity == "accounts":
        register(service, database)
    return service


if __name__ == "__main__":
    asyncio.run(run(build(sys.argv[1], ToySettings())))
