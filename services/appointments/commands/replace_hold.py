"""Change one's mind while the form is filled: a hold takes the place of another one, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.cancel import Freed, show_freed
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking, Item
from services.appointments.storage import bookings, claims


class OvertakenError(Exception):
    """The hold has become something else meanwhile."""


@dataclass(frozen=True, slots=True)
class Former:
    """The hold that is given back for a new one."""

    booking: Booking
    counts_on: bool
    """The new one is counted as this one: a change is no further hold.

    Only while the first of them would still be held. So nobody keeps times from others by changing on and on: what
    counts once is held for less than twice as long as a hold.
    """


async def former_of(
    booking_id: UUID, items: tuple[Item, ...], desk: Desk, *, client_mac: str | None, now: datetime
) -> Former | None:
    """Return a live hold for the same visit; None when it is something else (by now): then nothing is given back."""
    async with desk.database.reading() as session:
        held = await bookings.find(session, booking_id)
        if held is None or not _is_live(held, now) or held.items != items:
            return None
        is_theirs = await bookings.client_of(session, booking_id) == client_mac
    first_ends = held.created_at + timedelta(minutes=desk.settings.hold_minutes)
    return Former(held, is_theirs and now < first_ends)


async def give_way(session: AsyncSession, former: Former, desk: Desk) -> None:
    """Free its time in the transaction that takes another one; OvertakenError when it has changed."""
    held = await bookings.locked(session, former.booking.booking_id)
    if held != former.booking:
        raise OvertakenError
    ticks = await claims.drop(session, held.booking_id, now=desk.now())
    given = await bookings.change(session, replace(held, state="cancelled", expires_at=None))
    if former.counts_on:
        await bookings.uncount(session, held.booking_id)
    freed = Freed(given, None, ticks)

    def show(_session: object) -> None:
        show_freed(freed, desk)

    # With the commit, not after the turn of those who were written together: by then somebody else may have the time.
    event.listen(session.sync_session, "after_commit", show, once=True)


def _is_live(booking: Booking, now: datetime) -> bool:
    is_held = booking.state == "held" and booking.channel == "web"
    return is_held and booking.expires_at is not None and now < booking.expires_at
