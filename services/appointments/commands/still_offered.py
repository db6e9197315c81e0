"""What was offered when somebody held it may be of no use when they book it: an office closes, a time begins."""

from __future__ import annotations

from uuid import UUID

from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation
from services.appointments.domain.effect import OpenTimes
from services.appointments.domain.refusal import NotOfferedError
from services.appointments.storage import bookings


async def is_open(allocation: Allocation, desk: Desk) -> bool:
    """Tell whether all of a visit lies in opening hours as they are now."""
    return OpenTimes(await desk.planner.calendar(allocation.office)).hold(allocation)


async def check_still_offered(booking_id: UUID, desk: Desk) -> None:
    """NotOfferedError when what is held has begun or lies in a closure by now; what is booked stays booked."""
    async with desk.database.reading() as session:
        held = await bookings.find(session, booking_id)
    if held is None or held.state not in ("held", "unconfirmed"):
        return
    if held.allocation.starts_at <= desk.now():
        raise NotOfferedError("too_soon")
    if not await is_open(held.allocation, desk):
        raise NotOfferedError("closed")
