"""HTTP in: how well the weather is known, what is proposed, and the attendant's decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.database import Database
from chassis.http import Endpointed, Problem, path_id, route
from contracts.foreign import Slug
from services.subscriptions import queries, queries_weather
from services.subscriptions.commands.decide_proposal import (
    DecidedOtherwiseError,
    Decision,
    UnknownProposalError,
    decide_proposal,
)
from services.subscriptions.domain.master_data import MasterData

_UNKNOWN_POOL = Problem(404, "Von diesem Bad ist nichts bekannt.", "Es steht nicht in den Stammdaten der Bäder.")
_UNKNOWN = Problem(404, "Diesen Vorschlag gibt es nicht.", "Vielleicht ist die Seite veraltet: Bitte neu laden.")
_OTHERWISE = {
    "confirmed": "Der Vorschlag wurde inzwischen bestätigt.",
    "dismissed": "Der Vorschlag wurde inzwischen abgelehnt.",
    "automatic": "Der Vorschlag wurde inzwischen automatisch ausgeführt.",
    "expired": "Der Vorschlag gilt nicht mehr: Das Wetter oder der Zustand des Bades hat sich geändert.",
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    by: Slug


@dataclass(frozen=True, slots=True)
class WeatherApi:
    """What the endpoints need."""

    database: Database
    master: MasterData
    now: Clock
    gap: timedelta
    """A look so long ago says nothing of now."""
    wake: Callable[[], None]
    """Something may have been announced."""

    def routes(self) -> list[Endpointed]:
        """Return the routes of the weather."""
        return [
            route("GET", "/pools/{pool}/weather", self.show, callers=["portal", "rathaus"]),
            route("POST", "/proposals/{proposal}/confirmation", self.confirm, callers=["portal"]),
            route("POST", "/proposals/{proposal}/dismissal", self.dismiss, callers=["portal"]),
        ]

    async def show(self, request: Request) -> Response:
        """Return the watch of one pool and its open proposals."""
        pool = request.path_params["pool"]
        async with self.database.reading() as session:
            if not await queries.is_known(session, self.master, pool):
                raise _UNKNOWN_POOL
            return JSONResponse(await queries_weather.weather(session, pool, at=self.now(), gap=self.gap))

    async def confirm(self, request: Request) -> Response:
        """Do what is proposed, and return the pool."""
        pool = await self._decide(request, "confirmed")
        return JSONResponse(await self._pool(pool))

    async def dismiss(self, request: Request) -> Response:
        """Turn a proposal down."""
        await self._decide(request, "dismissed")
        return Response(status_code=204)

    async def _decide(self, request: Request, decision: Decision) -> str:
        proposal, by = path_id(request, "proposal"), await _by(request)
        try:
            pool = await decide_proposal(
                proposal, decision, by=by, database=self.database, master=self.master, now=self.now
            )
        except UnknownProposalError:
            raise _UNKNOWN from None
        except DecidedOtherwiseError as error:
            detail = "Bitte sehen Sie nach, wie es jetzt steht."
            raise Problem(409, _OTHERWISE[error.state], detail, pool=await self._pool(error.pool)) from None
        self.wake()
        return pool

    async def _pool(self, pool: str) -> queries.Json | None:
        async with self.database.reading() as session:
            return await queries.pool(session, self.master, pool, at=self.now())


async def _by(request: Request) -> str:
    try:
        return _Body.model_validate_json(await request.body()).by
    except ValidationError:
        raise Problem(422, "So ist die Anfrage nicht zu verstehen.", "Es fehlt, wer entscheidet (by).") from None
