"""`python -m tests.support.toy.main notices|accounts|intake`: one part of the toy town hall."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.consumer import HEARTBEAT_SECONDS, RETRY_AFTER_SECONDS, ForeignMessage, consume, consume_foreign
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
DEADLY = "deadly"


class ToySettings(ServiceSettings):
    """Settings of the toy, which may have less patience than a service."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="TOY_")

    handling_seconds: float = Field(default=0, description="how long the work between claim and commit takes")
    retry_after: tuple[float, ...] = RETRY_AFTER_SECONDS
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    journal: Path | None = Field(default=None, description="takes `(` when handling begins and `)` when it ends")


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


def register(service: Service, database: Database, settings: ToySettings) -> None:
    """Handle an event: claim, effect and follow-up in one transaction."""

    async def on_notice_generated(event: CloudEvent[NoticeGenerated]) -> None:
        if event.data.kind == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        if event.data.kind == UNWELCOME:
            raise KeyError(UNWELCOME)
        async with _in_journal(settings.journal):
            await asyncio.sleep(settings.handling_seconds / 2)
            async with database.transaction() as session:
                if await first_effect(session, event):
                    await record(session, [a_delivery_routed(event.data.notice_id)])
            # Killed here, the effect is there and the bus does not know it.
            await asyncio.sleep(settings.handling_seconds / 2)

    consume(service.consuming, DURABLE, {NoticeGenerated: on_notice_generated})


def register_door(service: Service) -> None:
    """Fail on everything that comes in, quoting all of it."""

    async def on_door_message(message: ForeignMessage) -> None:
        raise KeyError(message.subject, dict(message.headers), message.body)

    consume_foreign(service.consuming, "intake-door", on_door_message)


@asynccontextmanager
async def _in_journal(journal: Path | None) -> AsyncGenerator[None]:
    """Leave a trace of work under way that outlives SIGKILL."""
    if journal is None:
        yield
        return
    with journal.open("ab", buffering=0) as open_journal:
        open_journal.write(b"(")
        try:
            yield
        finally:
            open_journal.write(b")")


def build(identity: str, settings: ToySettings) -> Service:
    """Put it together."""
    service, database = assemble(identity, settings, package="tests.support.toy")
    service.routes = routes(database)
    patience = {"retry_after": settings.retry_after, "heartbeat_seconds": settings.heartbeat_seconds}
    service.consuming = replace(service.consuming, **patience)
    if identity == "accounts":
        register(service, database, settings)
    if identity == "intake":
        register_door(service)
    return service


if __name__ == "__main__":
    asyncio.run(run(build(sys.argv[1], ToySettings())))
