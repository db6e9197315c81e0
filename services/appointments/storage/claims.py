"""Claims on the ticks of resources: where double booking ends, on the primary key of one table.

One statement takes ticks that are free, that have run out or that the caller may overrule; whoever gets fewer than it
wanted has got nothing, since its transaction is rolled back. Ticks are taken in order, so that two who want the same
wait for each other instead of in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import CursorResult, Integer, String, Table, and_, bindparam, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from chassis.tables import UtcDateTime
from services.appointments.domain.booking import Allocation
from services.appointments.domain.refusal import TakenError
from services.appointments.storage.tables import ClaimRow

Kind = Literal["hold", "booked", "quarantine"]
CLAIM = cast("Table", ClaimRow.__table__)
_NOBODY = "-"
"""No claim is of this kind."""


def _taking(insert: Any) -> Any:
    """INSERT of all ticks of one resource; those of others only when they have run out, or may be overruled."""
    claim = CLAIM.c
    ticks = select(bindparam("first", type_=Integer).label("tick")).cte("ticks", recursive=True, nesting=True)
    ticks = ticks.union_all(select(ticks.c.tick + 1).where(ticks.c.tick < bindparam("last", type_=Integer)))
    # Inside, since a statement that begins with WITH tells no row count on SQLite.
    each = select(ticks.c.tick).subquery("each")
    rows = select(
        bindparam("resource", type_=String),
        each.c.tick,
        bindparam("booking_id", type_=claim.booking_id.type),
        bindparam("kind", type_=String),
        bindparam("expires_at", type_=UtcDateTime),
    ).where(true())
    taken = insert(CLAIM).from_select(["resource", "tick", "booking_id", "kind", "expires_at"], rows)
    free = or_(
        claim.expires_at <= bindparam("now", type_=UtcDateTime),
        claim.kind == bindparam("overruled", type_=String),
        and_(claim.booking_id == bindparam("booking_id", type_=claim.booking_id.type), claim.kind == "quarantine"),
    )
    changed = {name: taken.excluded[name] for name in ("booking_id", "kind", "expires_at", "changed_in")}
    return taken.on_conflict_do_update(index_elements=[claim.resource, claim.tick], set_=changed, where=free)


_TAKE = {"sqlite": _taking(sqlite.insert), "postgresql": _taking(postgresql.insert)}
_OWN = CLAIM.c.booking_id == bindparam("of_booking", type_=CLAIM.c.booking_id.type)
_EXTEND = update(CLAIM).where(_OWN, CLAIM.c.kind == "hold")
_LIVE = update(CLAIM).where(_OWN, CLAIM.c.kind != "quarantine")
_GONE_SINCE = timedelta(hours=1)
"""What is given up at once has run out then: past for all clocks, and not old enough to be swept."""
_BUSY = select(CLAIM.c.resource, CLAIM.c.kind).where(
    CLAIM.c.resource.in_(bindparam("resources", expanding=True)),
    CLAIM.c.tick >= bindparam("first"),
    CLAIM.c.tick < bindparam("end"),
    or_(CLAIM.c.expires_at.is_(None), CLAIM.c.expires_at > bindparam("now", type_=UtcDateTime)),
    CLAIM.c.booking_id != bindparam("besides", type_=CLAIM.c.booking_id.type),
)


async def take(
    session: AsyncSession,
    allocation: Allocation,
    booking_id: UUID,
    *,
    expires_at: datetime | None,
    now: datetime,
    over_quarantine: bool = False,
) -> None:
    """Claim all ticks of an allocation, as a hold or, without `expires_at`, for good; TakenError means: roll back.

    Ticks in quarantine are taken only with `over_quarantine`, or when they are quarantined by this very booking.
    """
    ticks = allocation.claimed
    values: dict[str, Any] = {
        "first": ticks.start,
        "last": ticks.stop - 1,
        "booking_id": booking_id,
        "kind": "booked" if expires_at is None else "hold",
        "expires_at": expires_at,
        "now": now,
        "overruled": "quarantine" if over_quarantine else _NOBODY,
    }
    await session.run_sync(_take_all, sorted(allocation.resources), values, len(ticks))


def _take_all(session: Session, resources: list[str], values: dict[str, Any], wanted: int) -> None:
    """On the bare connection, in one change of greenlets: a hold is what everybody does at the same moment."""
    connection = session.connection()
    statement = _TAKE[connection.dialect.name]
    for resource in resources:
        if connection.execute(statement, {**values, "resource": resource}).rowcount != wanted:
            raise TakenError


async def still_free(
    session: AsyncSession,
    ways: Sequence[Allocation],
    *,
    besides: UUID,
    now: datetime,
    over_quarantine: bool = False,
) -> list[Allocation]:
    """Return those of which all ticks could be taken now; what the booking `besides` has is no hindrance.

    All `ways` are of one time, as `Planner.candidates` returns them.
    """
    if not ways:
        return []
    values = {
        "resources": sorted({each for way in ways for each in way.resources}),
        "first": ways[0].claimed.start,
        "end": ways[0].claimed.stop,
        "now": now,
        "besides": besides,
    }
    found = await session.execute(_BUSY, values)
    busy = {row.resource for row in found if not (over_quarantine and row.kind == "quarantine")}
    return [way for way in ways if busy.isdisjoint(way.resources)]


async def make_firm(session: AsyncSession, booking_id: UUID, *, expires_at: datetime | None) -> int:
    """Turn a hold into a booking, or into a hold until later; return how many ticks were still ours.

    Fewer than the booking has means: somebody else took what had run out, roll back.
    """
    values = {"kind": "booked" if expires_at is None else "hold", "expires_at": expires_at}
    return _count(await session.execute(_EXTEND.values(values), {"of_booking": booking_id}))


async def quarantine(session: AsyncSession, booking_id: UUID, *, until: datetime) -> int:
    """Give up all ticks of a booking, for the public from `until` on; return how many it still had."""
    values = {"kind": "quarantine", "expires_at": until}
    return _count(await session.execute(_LIVE.values(values), {"of_booking": booking_id}))


async def drop(session: AsyncSession, booking_id: UUID, *, now: datetime) -> int:
    """Give up all ticks of a booking at once; return how many it still had.

    The rows stay until they are swept: other replicas find what has changed, not what is gone.
    """
    return await quarantine(session, booking_id, until=now - _GONE_SINCE)


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
