"""Bookings: written, changed and found by their id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import LimitError, MissingError
from services.appointments.storage.booking_rows import BOOKING, Origin, booking_of, row_of, values_of

_of_client = select(func.count()).where(
    BOOKING.c.client_mac == bindparam("client_mac"),
    BOOKING.c.created_at > bindparam("since", type_=BOOKING.c.created_at.type),
)
_ADD = insert(BOOKING).from_select(
    [each.name for each in BOOKING.c],
    select(*(bindparam(each.name, type_=each.type) for each in BOOKING.c)).where(
        or_(
            bindparam("client_mac", type_=BOOKING.c.client_mac.type).is_(None),
            _of_client.scalar_subquery() < bindparam("most", type_=BOOKING.c.version.type),
        )
    ),
)
_OF_CLIENTS = (
    select(BOOKING.c.client_mac, func.count())
    .where(
        BOOKING.c.client_mac.in_(bindparam("macs", expanding=True)),
        BOOKING.c.created_at > bindparam("since", type_=BOOKING.c.created_at.type),
    )
    .group_by(BOOKING.c.client_mac)
)
_FIND = select(BOOKING).where(BOOKING.c.booking_id == bindparam("of_booking", type_=BOOKING.c.booking_id.type))
_FIND_LOCKED = _FIND.with_for_update()
_CHANGE = update(BOOKING).where(BOOKING.c.booking_id == bindparam("of_booking", type_=BOOKING.c.booking_id.type))


async def add(session: AsyncSession, booking: Booking, origin: Origin) -> None:
    """Insert a booking; LimitError when its client has made too many, IntegrityError when its id is known.

    The caller has locked what is counted (`limits.lock`).
    """
    values = {
        **row_of(booking, origin),
        "since": origin.counted_since or booking.created_at,
        "most": origin.most,
    }
    await session.run_sync(_add, values)


def _add(session: Session, values: dict[str, Any]) -> None:
    if session.connection().execute(_ADD, values).rowcount != 1:
        raise LimitError("client")


async def add_all(session: AsyncSession, made: Sequence[tuple[Booking, Origin]]) -> None:
    """Insert bookings that were made at the same time; errors as of `add`, and nobody is told whose it is."""
    macs = Counter(origin.client_mac for _, origin in made if origin.client_mac is not None)
    if macs:
        since = min(origin.counted_since or booking.created_at for booking, origin in made)
        for mac, before in await session.execute(_OF_CLIENTS, {"macs": list(macs), "since": since}):
            macs[mac] += before
    if any(origin.client_mac and macs[origin.client_mac] > origin.most for _, origin in made):
        raise LimitError("client")
    await session.execute(insert(BOOKING), [row_of(booking, origin) for booking, origin in made])


async def change(session: AsyncSession, after: Booking) -> Booking:
    """Write a booking that was `locked` in this transaction; return it with its next version."""
    written = replace(after, version=after.version + 1)
    await session.execute(_CHANGE.values(values_of(written)), {"of_booking": after.booking_id})
    return written


async def client_of(session: AsyncSession, booking_id: UUID) -> str | None:
    """Return the hash of the client under which a booking is counted."""
    return await session.scalar(select(BOOKING.c.client_mac).where(BOOKING.c.booking_id == booking_id))


async def uncount(session: AsyncSession, booking_id: UUID) -> None:
    """Count a booking for nobody any more: another one has taken its place."""
    await session.execute(_CHANGE.values(client_mac=None), {"of_booking": booking_id})


async def find(session: AsyncSession, booking_id: UUID) -> Booking | None:
    """Return a booking."""
    row = (await session.execute(_FIND, {"of_booking": booking_id})).first()
    return None if row is None else booking_of(row)


async def locked(session: AsyncSession, booking_id: UUID) -> Booking:
    """Return a booking that this transaction is going to change; MissingError when there is none."""
    row = (await session.execute(_FIND_LOCKED, {"of_booking": booking_id})).first()
    if row is None:
        raise MissingError
    return booking_of(row)
