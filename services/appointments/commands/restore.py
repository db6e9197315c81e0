"""Take a cancellation back: the appointment is what it was, as long as nobody else has its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.still_offered import is_open
from services.appointments.commands.tell import tell
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import NotOfferedError, StaleError
from services.appointments.storage import bookings, claims, history


async def restore(booking_id: UUID, desk: Desk, *, by: str, seen_version: int) -> Booking:
    """Make a cancelled appointment to come valid again, at its time and counter; again, it changes nothing.

    TakenError when somebody else has the time; what is kept from the web since this cancellation is still theirs.
    NotOfferedError when it is closed by now. StaleError when it has changed since `seen_version`, was never an
    appointment, or has begun. MissingError.
    """
    await _check_open(booking_id, desk)

    async def work(session: AsyncSession) -> Booking:
        before = await bookings.locked(session, booking_id)
        if before.state == "booked" and before.version == seen_version + 1:
            return before
        if before.version != seen_version or not await _may_come_back(session, before, desk.now()):
            raise StaleError
        await claims.take(session, before.allocation, booking_id, expires_at=None, now=desk.now())
        restored = await bookings.change(session, replace(before, state="booked"))
        await tell(session, desk, restored, "restored", by=by)
        return restored

    booking = await transact(desk, work)
    desk.planner.took(booking.allocation, expires_at=None)
    return booking


async def _may_come_back(session: AsyncSession, booking: Booking, now: datetime) -> bool:
    is_whole = booking.state == "cancelled" and booking.person is not None and booking.allocation.starts_at > now
    return is_whole and await history.was_booked(session, booking.booking_id)


async def _check_open(booking_id: UUID, desk: Desk) -> None:
    """Many appointments are cancelled because it is closed: nobody comes to a closed door again by mistake."""
    async with desk.database.reading() as session:
        booking = await bookings.find(session, booking_id)
    if booking is not None and booking.channel != "import" and not await is_open(booking.allocation, desk):
        raise NotOfferedError("closed")
