"""Opening hours as they are changed: written whole, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.domain.booking import Booking
from services.appointments.domain.calendar_record import Hours, as_record, of_record
from services.appointments.domain.refusal import StaleError
from services.appointments.domain.ticks import tick_of
from services.appointments.storage.booking_rows import BOOKING, booking_of
from services.appointments.storage.calendars import series_row, special_row
from services.appointments.storage.tables import (
    BookingRow,
    CalendarChangeRow,
    CalendarRow,
    ExceptionRow,
    SeriesRow,
)

_STANDING = ("held", "unconfirmed", "booked")
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the opening hours of an office."""

    office: str
    version: int
    """The one that it made."""
    at: datetime
    by: str
    before: Hours
    after: Hours


async def write(session: AsyncSession, change: Change) -> None:
    """Replace the opening hours and record the change; StaleError when somebody else was quicker."""
    seen = change.version - 1
    moved = update(CalendarRow).where(CalendarRow.office == change.office, CalendarRow.version == seen)
    if await session.scalar(moved.values(version=change.version).returning(CalendarRow.office)) is None:
        raise StaleError
    await session.execute(delete(SeriesRow).where(SeriesRow.office == change.office))
    await session.execute(delete(ExceptionRow).where(ExceptionRow.office == change.office))
    session.add_all(series_row(change.office, each) for each in change.after.series)
    session.add_all(special_row(change.office, each) for each in change.after.exceptions)
    session.add(
        CalendarChangeRow(
            office=change.office,
            version=change.version,
            at=change.at,
            by=change.by,
            before=as_record(change.before),
            after=as_record(change.after),
        )
    )
    await session.flush()


async def changes_of(session: AsyncSession, office: str) -> Sequence[Change]:
    """Return what was changed, the latest first."""
    wanted = select(CalendarChangeRow).where(CalendarChangeRow.office == office)
    rows = await session.scalars(wanted.order_by(CalendarChangeRow.version.desc()).limit(_SHOWN))
    return [_change(row) for row in rows]


async def change_to(session: AsyncSession, office: str, version: int) -> Change | None:
    """Return the change that made a version."""
    row = await session.get(CalendarChangeRow, (office, version))
    return None if row is None else _change(row)


async def bookings_to_come(session: AsyncSession, office: str, *, now: datetime) -> Sequence[Booking]:
    """Return what is held or booked from now on, by time."""
    wanted = select(BOOKING).where(
        BookingRow.office == office,
        BookingRow.first_tick >= tick_of(now),
        BookingRow.state.in_(_STANDING),
        or_(BookingRow.expires_at.is_(None), BookingRow.expires_at > now),
    )
    rows = await session.execute(wanted.order_by(BookingRow.first_tick, BookingRow.number))
    return [booking_of(row) for row in rows]


def _change(row: CalendarChangeRow) -> Change:
    before: dict[str, Any] = row.before
    return Change(row.office, row.version, row.at, row.by, of_record(before), of_record(row.after))
