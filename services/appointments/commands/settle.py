"""What became of an appointment: they came, it is done, nobody came; or that was a mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.tell import Noted, note, tell
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import STANDING, Booking
from services.appointments.domain.refusal import StaleError
from services.appointments.domain.ticks import local_day, tick_of
from services.appointments.storage import bookings

Outcome = Literal["arrived", "done", "missed", "booked"]
_NOTED: dict[Outcome, Noted] = {"arrived": "arrived", "done": "done", "booked": "undone"}


async def settle(booking_id: UUID, state: Outcome, desk: Desk, *, by: str) -> Booking:
    """Note what became of an appointment; `booked` takes it back. MissingError; StaleError when it is none."""

    async def work(session: AsyncSession) -> Booking:
        return await settle_within(session, booking_id, state, desk, by=by)

    return await transact(desk, work)


async def settle_within(session: AsyncSession, booking_id: UUID, state: Outcome, desk: Desk, *, by: str) -> Booking:
    """Do it in the caller's transaction."""
    booking = await bookings.locked(session, booking_id)
    if booking.state == state:
        return booking
    if booking.state not in STANDING or (state == "missed" and _is_on_a_later_day(booking, desk.now())):
        raise StaleError
    settled = await bookings.change(session, replace(booking, state=state))
    if state == "missed":
        await tell(session, desk, settled, "missed", by=by)
    else:
        await note(session, desk, settled, _NOTED[state], by=by)
    return settled


def _is_on_a_later_day(booking: Booking, now: datetime) -> bool:
    """Nobody has missed what is not today."""
    return local_day(booking.allocation.first_tick) > local_day(tick_of(now))
