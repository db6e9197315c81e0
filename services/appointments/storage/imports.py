"""What an import has to know of the bookings that are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.domain.booking import Allocation
from services.appointments.storage.tables import BookingChangeRow, BookingRow, ClaimRow


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Whoever has a time."""

    number: str
    is_held: bool
    """Not booked yet: it may come free again."""


async def imported_start(session: AsyncSession, foreign_id: str) -> datetime | None:
    """Return when a booking began as it was imported, wherever it was moved since; None: it is not known."""
    imported = (
        select(BookingChangeRow.details)
        .join(BookingRow, BookingRow.booking_id == BookingChangeRow.booking_id)
        .where(BookingRow.foreign_id == foreign_id, BookingChangeRow.what == "imported")
    )
    details = await session.scalar(imported.order_by(BookingChangeRow.change_id).limit(1))
    return None if details is None else datetime.fromisoformat(details["now"]["starts_at"])


async def in_the_way(session: AsyncSession, allocation: Allocation, *, now: datetime) -> Obstacle | None:
    """Return who has any of these ticks first; None when they came free meanwhile."""
    ticks = allocation.claimed
    found = (
        select(BookingRow.number, ClaimRow.kind)
        .join(BookingRow, BookingRow.booking_id == ClaimRow.booking_id)
        .where(
            ClaimRow.resource.in_(allocation.resources),
            ClaimRow.tick >= ticks.start,
            ClaimRow.tick < ticks.stop,
            ClaimRow.kind != "quarantine",
            or_(ClaimRow.expires_at.is_(None), ClaimRow.expires_at > now),
        )
    )
    row = (await session.execute(found.order_by(ClaimRow.tick, ClaimRow.resource).limit(1))).first()
    return None if row is None else Obstacle(row.number, row.kind == "hold")
