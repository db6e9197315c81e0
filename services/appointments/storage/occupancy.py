"""What is claimed, as stretches: one question for all days and resources of an office, or for what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.storage.tables import ClaimRow
from services.appointments.storage.transactions import NEXT_TRANSACTION


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ticks in a row that are claimed in the same way; several bookings that follow each other are one."""

    resource: str
    first_tick: int
    end_tick: int
    expires_at: datetime | None
    is_quarantine: bool


async def stretches(session: AsyncSession, resources: Sequence[str], first_tick: int, end_tick: int) -> list[Stretch]:
    """Return all that is claimed between two ticks, what has run out included."""
    alike = (ClaimRow.resource, ClaimRow.kind == "quarantine", ClaimRow.expires_at)
    place = func.row_number().over(partition_by=alike, order_by=ClaimRow.tick)
    claims = (
        select(
            ClaimRow.resource,
            ClaimRow.tick,
            ClaimRow.expires_at,
            (ClaimRow.kind == "quarantine").label("is_quarantine"),
            (ClaimRow.tick - place).label("island"),
        )
        .where(ClaimRow.resource.in_(resources), ClaimRow.tick >= first_tick, ClaimRow.tick < end_tick)
        .subquery()
    ).c
    columns = (claims.resource, claims.expires_at, claims.is_quarantine)
    found = select(claims.resource, func.min(claims.tick), func.max(claims.tick), *columns[1:])
    rows = await session.execute(found.group_by(*columns, claims.island))
    return [
        Stretch(resource, first, last + 1, expires_at, quarantine)
        for resource, first, last, expires_at, quarantine in rows
    ]


async def changes(session: AsyncSession, resources: Sequence[str], since: int) -> list[Stretch]:
    """Return each tick that a transaction from `since` on has written, as it is now; PostgreSQL only.

    The upper bound changes nothing, but for rows restored from another cluster: their numbers may be of the future.
    """
    wanted = (
        select(ClaimRow.resource, ClaimRow.tick, ClaimRow.expires_at, ClaimRow.kind == "quarantine")
        .where(ClaimRow.changed_in >= since, ClaimRow.changed_in < text(NEXT_TRANSACTION))
        .where(ClaimRow.resource.in_(resources))
    )
    rows = await session.execute(wanted)
    return [
        Stretch(resource, tick, tick + 1, expires_at, quarantine) for resource, tick, expires_at, quarantine in rows
    ]
