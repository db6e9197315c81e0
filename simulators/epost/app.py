"""Puts the parts together."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from simulators.epost.api import Api
from simulators.epost.clock import SimulatedClock, iso
from simulators.epost.connections import Connections
from simulators.epost.control import Control
from simulators.epost.errors import ApiError, error_object
from simulators.epost.faults import Faults
from simulators.epost.lookups import Intervals, LookUps
from simulators.epost.middleware import FaultMiddleware
from simulators.epost.processing import Processing
from simulators.epost.store import Store
from simulators.epost.submission import Submissions
from simulators.epost.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from simulators.epost.settings import Settings


@dataclass(frozen=True)
class Simulator:
    """The ASGI application and the connections it may cut."""

    app: Starlette
    connections: Connections


def build(settings: Settings) -> Simulator:
    """Open the folder and wire everything to it."""
    store = Store(settings.data)
    clock = SimulatedClock(store, speed=settings.speed)
    tokens = Tokens(store, clock, settings.credentials)
    faults = Faults(store)
    connections = Connections()
    processing = Processing(store, clock, settings)
    api = Api(
        clock=clock,
        tokens=tokens,
        intervals=Intervals(clock),
        submissions=Submissions(store, clock, settings, faults),
        lookups=LookUps(store, clock, settings.credentials),
        processing=processing,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        processing.start()
        yield
        await asyncio.to_thread(processing.stop)
        store.close()

    async def refused(_request: Request, error: Exception) -> Response:
        refusal = cast("ApiError", error)
        body = error_object(refusal.code, refusal.description, date=iso(clock.now()))
        return JSONResponse(body, refusal.status)

    async def gone(_request: Request, _error: Exception) -> Response:
        # Nobody reads it; without a handler a torn upload would be logged as our failure.
        return Response(status_code=400)

    app = Starlette(
        routes=[*api.routes(), *Control(store, clock, faults).routes()],
        middleware=[Middleware(FaultMiddleware, faults=faults, connections=connections, tokens=tokens, clock=clock)],
        exception_handlers={ApiError: refused, ClientDisconnect: gone},
        lifespan=lifespan,
    )
    return Simulator(app, connections)
