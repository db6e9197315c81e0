"""Rebuilding a projection: its claims and its rows are dropped together, then the stream is replayed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.database import Database
from chassis.http import Endpointed, Problem, route
from chassis.tables import InboxClaim, InboxFailure
from contracts.base import UtcTime
from contracts.topology import durable

log = structlog.stdlib.get_logger()

Drop = Callable[[AsyncSession], Awaitable[None]]
"""Deletes the rows of a projection in the transaction that it is given."""


class _Held(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    stream_created_at: UtcTime | None = None


class _OlderThanTheStreamError(Exception):
    """The projection tells of events from before the stream was made: nobody could send them again."""


def rebuild_routes(database: Database, drops: Mapping[str, Drop]) -> list[Endpointed]:
    """Return the route that drops the projection of each durable; only one without effects outside may be named."""
    for name in drops:
        if not durable(name).rebuildable:
            message = f"{name} has effects outside: it cannot be rebuilt"
            raise ValueError(message)

    async def drop(request: Request) -> Response:
        name = request.path_params["durable"]
        if name not in drops:
            known = ", ".join(sorted(drops))
            raise Problem(404, "Das lässt sich hier nicht neu aufbauen.", f"Neu aufbauen lassen sich: {known}.")
        try:
            held = _Held.model_validate_json(await request.body() or b"{}")
            dropped = await _drop(database, name, drops[name], held)
        except ValidationError:
            raise Problem(422, "So ist die Anfrage nicht zu verstehen.", "Es gibt: stream_created_at.") from None
        except _OlderThanTheStreamError:
            raise Problem(
                409,
                "Der Strom ist jünger als das, was aus ihm aufgebaut wurde.",
                "Der Nachrichtenbus hat seinen Speicher verloren. Ein Neuaufbau würde alles Ältere löschen.",
            ) from None
        log.warning("projection.dropped", durable=name, claims=dropped)
        return JSONResponse({"durable": name, "claims": dropped})

    return [route("POST", "/durables/{durable}/drop", drop, callers=["rathaus"])]


async def _drop(database: Database, name: str, drop: Drop, held: _Held) -> int:
    """Forget what was claimed and what came of it, both or neither; return how many claims there were."""
    async with database.transaction() as session:
        claims = select(func.count(), func.min(InboxClaim.claimed_at)).where(InboxClaim.durable == name)
        count, oldest = (await session.execute(claims)).one()
        if held.stream_created_at is not None and count and oldest < held.stream_created_at:
            raise _OlderThanTheStreamError
        await session.execute(delete(InboxClaim).where(InboxClaim.durable == name))
        await session.execute(delete(InboxFailure).where(InboxFailure.durable == name))
        await drop(session)
        return count
