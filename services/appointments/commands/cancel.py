"""Give a time back: a hold at once, an appointment after a while that nobody can foresee."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import SystemRandom
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.tell import CITIZEN, tell
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Booking
from services.appointments.domain.refusal import StaleError
from services.appointments.storage import bookings, claims

_CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True)
class Freed:
    """What a cancellation has given back."""

    booking: Booking
    until: datetime | None
    """Kept from the web until then; None: free at once."""
    ticks: int
    """So many of its ticks it still had; what had run out may be somebody else's by now."""


async def cancel(booking_id: UUID, desk: Desk, *, by: str, seen_version: int | None) -> Booking:
    """Cancel a hold or an appointment; again, it changes nothing.

    MissingError; StaleError when it has changed since `seen_version`, or is over.
    """

    async def work(session: AsyncSession) -> Freed:
        return await cancel_within(session, booking_id, desk, by=by, seen_version=seen_version)

    freed = await transact(desk, work)
    show_freed(freed, desk)
    return freed.booking


async def cancel_within(
    session: AsyncSession, booking_id: UUID, desk: Desk, *, by: str, seen_version: int | None
) -> Freed:
    """Do it in the caller's transaction; the caller calls `show_freed` after its commit."""
    booking = await bookings.locked(session, booking_id)
    if booking.state in ("cancelled", "expired"):
        return Freed(booking, None, 0)
    _check(booking, desk, by=by, seen_version=seen_version)
    gone = replace(booking, state="cancelled", expires_at=None)
    if booking.state != "booked":
        ticks = await claims.drop(session, booking_id, now=desk.now())
        cancelled = await bookings.change(session, gone)
        if booking.person is not None:
            await tell(session, desk, cancelled, "cancelled", by=by)
        return Freed(cancelled, None, ticks)
    until = free_again(booking.allocation, desk)
    ticks = await claims.quarantine(session, booking_id, until=until)
    cancelled = await bookings.change(session, gone)
    await tell(session, desk, cancelled, "cancelled", by=by)
    return Freed(cancelled, until, ticks)


def show_freed(freed: Freed, desk: Desk) -> None:
    """Draw what was really given back into the picture of the calendar, and wake the waiting list."""
    if freed.ticks == 0:
        return
    where = freed.booking.allocation
    if freed.ticks == where.size:
        desk.planner.freed(where, quarantined_until=freed.until)
    else:
        desk.planner.forget(where.office)
    desk.freed()


def free_again(allocation: Allocation, desk: Desk) -> datetime:
    """Return when a freed time comes back to the web: not foreseeable (traders wait for that), not past its start."""
    least, most = desk.settings.quarantine_minutes
    until = desk.now() + timedelta(minutes=_CHANCE.uniform(least, most))
    return min(until, allocation.starts_at)


def _check(booking: Booking, desk: Desk, *, by: str, seen_version: int | None) -> None:
    if seen_version not in (None, booking.version) or booking.state not in ("held", "unconfirmed", "booked"):
        raise StaleError
    is_over = booking.allocation.starts_at <= desk.now()
    if is_over and booking.state == "booked" and by == CITIZEN:
        raise StaleError
