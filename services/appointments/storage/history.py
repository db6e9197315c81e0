"""What was done with a booking (Änderungsverlauf)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.storage.tables import BookingChangeRow


async def moves(session: AsyncSession, booking_id: UUID, *, by: str, since: datetime) -> int:
    """Count how often somebody has moved a booking."""
    theirs = (BookingChangeRow.booking_id == booking_id, BookingChangeRow.what == "moved", BookingChangeRow.by == by)
    wanted = select(func.count()).select_from(BookingChangeRow).where(*theirs, BookingChangeRow.at > since)
    return await session.scalar(wanted) or 0


async def of_booking(session: AsyncSession, booking_id: UUID) -> list[BookingChangeRow]:
    """Return what was done with a booking (Änderungsverlauf), in order."""
    wanted = select(BookingChangeRow).where(BookingChangeRow.booking_id == booking_id)
    return list(await session.scalars(wanted.order_by(BookingChangeRow.change_id)))


async def was_booked(session: AsyncSession, booking_id: UUID) -> bool:
    """Tell whether it has ever been an appointment, and not only a hold or a link that nobody opened."""
    found = select(BookingChangeRow.change_id).where(
        BookingChangeRow.booking_id == booking_id, BookingChangeRow.what.in_(("booked", "imported"))
    )
    return await session.scalar(found.limit(1)) is not None
