"""HTTP in: the pools, as the portal shows them and as their attendants change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.database import Database
from chassis.http import Endpointed, Problem, route
from contracts.base import UtcTime
from contracts.foreign import PoolClosure, Slug
from services.subscriptions import queries
from services.subscriptions.changes import Changes
from services.subscriptions.commands import change_pool
from services.subscriptions.commands.change_pool import StaleTapError, Tap
from services.subscriptions.commands.measure_water import measure_water
from services.subscriptions.domain.master_data import MasterData

LONGEST_WAIT = 30.0
_BOTH = ["portal", "rathaus"]
_LARGEST = 1e15


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    by: Slug


class _Closure(_Body):
    tap_id: UUID
    reason: PoolClosure
    until: UtcTime | None = None
    seen_version: Annotated[int, Field(ge=0)]


class _Opening(_Body):
    tap_id: UUID
    mistaken: bool = False
    seen_version: Annotated[int, Field(ge=0)]


class _Water(_Body):
    celsius: Annotated[Decimal, Field(ge=0, le=45, decimal_places=1)]


BodyT = TypeVar("BodyT", bound=_Body)


@dataclass(frozen=True, slots=True)
class PoolsApi:
    """What the endpoints need."""

    database: Database
    master: MasterData
    changes: Changes
    now: Clock

    def routes(self) -> list[Endpointed]:
        """Return the routes of pools."""
        return [
            route("GET", "/pools", self.every, callers=_BOTH),
            route("GET", "/pools/{pool}", self.show, callers=_BOTH),
            route("GET", "/changes", self.wait, callers=["portal"]),
            route("POST", "/pools/{pool}/closures", self.close, callers=["portal"]),
            route("POST", "/pools/{pool}/openings", self.open, callers=["portal"]),
            route("POST", "/pools/{pool}/water", self.measure, callers=["portal"]),
            route("GET", "/alerts", self.alerts, callers=_BOTH),
        ]

    async def every(self, request: Request) -> Response:
        """Every pool."""
        del request
        async with self.database.reading() as session:
            return JSONResponse(await queries.pools(session, self.master, at=self.now()))

    async def show(self, request: Request) -> Response:
        """One pool."""
        return JSONResponse(await self._view(_pool(request)))

    async def wait(self, request: Request) -> Response:
        """Answer when something has changed since a number, at the latest after some seconds."""
        seen, wait = _number(request, "after", -1), _number(request, "wait", 0)
        return JSONResponse({"change": await self.changes.after(int(seen), wait=min(wait, LONGEST_WAIT))})

    async def close(self, request: Request) -> Response:
        """Close a pool at this instant."""
        body = await _read(request, _Closure)
        if body.until is not None and body.until <= self.now():
            raise Problem(422, "Dieses Ende ist schon vorbei.", "Bitte einen späteren Zeitpunkt wählen.")
        tap = Tap(body.tap_id, _pool(request), body.seen_version, body.by, body.reason, until=body.until)
        return await self._tapped(tap)

    async def open(self, request: Request) -> Response:
        """Open a pool at this instant."""
        body = await _read(request, _Opening)
        tap = Tap(body.tap_id, _pool(request), body.seen_version, body.by, None, mistaken=body.mistaken)
        return await self._tapped(tap)

    async def measure(self, request: Request) -> Response:
        """Keep the water temperature of this instant."""
        body = await _read(request, _Water)
        pool = await self._known(_pool(request))
        await measure_water(pool, body.celsius, by=body.by, database=self.database, now=self.now)
        return JSONResponse(await self._view(pool))

    async def alerts(self, request: Request) -> Response:
        """Return the alerts that are valid now, or at an instant."""
        wanted = request.query_params.get("at")
        at = self.now() if wanted is None else _instant(wanted)
        async with self.database.reading() as session:
            return JSONResponse(await queries.alerts(session, at=at))

    async def _tapped(self, tap: Tap) -> Response:
        pool = await self._known(tap.pool)
        try:
            await change_pool.tap(tap, database=self.database, master=self.master, now=self.now)
        except StaleTapError:
            view = await self._view(pool)
            raise Problem(
                409,
                "Inzwischen hat sich etwas geändert.",
                "Bitte sehen Sie nach, wie es jetzt steht, und entscheiden Sie dann neu.",
                pool=view,
            ) from None
        return JSONResponse(await self._view(pool))

    async def _known(self, pool: str) -> str:
        async with self.database.reading() as session:
            if not await queries.is_known(session, self.master, pool):
                raise _unknown()
        return pool

    async def _view(self, pool: str) -> queries.Json:
        async with self.database.reading() as session:
            found = await queries.pool(session, self.master, pool, at=self.now())
        if found is None:
            raise _unknown()
        return found


def _unknown() -> Problem:
    return Problem(404, "Von diesem Bad ist nichts bekannt.", "Es steht nicht in den Stammdaten der Bäder.")


def _pool(request: Request) -> str:
    params: Mapping[str, str] = request.path_params
    return params["pool"]


async def _read(request: Request, model: type[BodyT]) -> BodyT:
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) or "JSON" for each in error.errors()}))
        raise Problem(422, "So ist die Anfrage nicht zu verstehen.", f"Bitte prüfen: {fields}.") from None


def _number(request: Request, name: str, default: int) -> float:
    try:
        number = float(request.query_params.get(name, default))
    except ValueError:
        number = float("nan")
    if not abs(number) <= _LARGEST:
        raise Problem(422, "Diese Zahl ist nicht lesbar.", f"Es geht um {name}.")
    return number


def _instant(text: str) -> datetime:
    problem = Problem(422, "Dieser Zeitpunkt ist nicht lesbar.", "Erwartet wird zum Beispiel ?at=2026-07-01T12:00:00Z.")
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise problem
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise problem from None
