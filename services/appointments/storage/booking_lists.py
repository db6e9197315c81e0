"""Bookings as lists: of a day, of a person, of a search."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.domain.booking import Booking
from services.appointments.domain.ticks import day_ticks, tick_of
from services.appointments.storage.booking_rows import BOOKING, IN_THE_DAY, booking_of
from services.appointments.storage.tables import BookingRow

_FOUND = 50


async def of_day(session: AsyncSession, office: str, day: date, *, now: datetime) -> list[BookingRow]:
    """Return who comes, came or should have come to an office on a local day, by time.

    Whoever has not opened the link of their mail in time does not come: somebody else may have the time.
    """
    ticks = day_ticks(day)
    wanted = select(BookingRow).where(
        BookingRow.office == office,
        BookingRow.first_tick >= ticks.start,
        BookingRow.first_tick < ticks.stop,
        BookingRow.state.in_(IN_THE_DAY),
        or_(BookingRow.state != "unconfirmed", BookingRow.expires_at > now),
    )
    return list(await session.scalars(wanted.order_by(BookingRow.first_tick, BookingRow.number)))


async def held_on(session: AsyncSession, office: str, day: date, *, now: datetime) -> list[Booking]:
    """Return what is held at an instant on a local day, by time: somebody fills in the form, or has an offer."""
    ticks = day_ticks(day)
    wanted = select(BOOKING).where(
        BOOKING.c.office == office,
        BOOKING.c.first_tick >= ticks.start,
        BOOKING.c.first_tick < ticks.stop,
        BOOKING.c.state == "held",
        BOOKING.c.expires_at > now,
    )
    return await _all(session, wanted.order_by(BOOKING.c.first_tick))


async def of_email(session: AsyncSession, email_key: str, since: datetime) -> list[Booking]:
    """Return all bookings under an e-mail address that begin at or after an instant, by time."""
    wanted = select(BOOKING).where(
        BOOKING.c.email_key == email_key,
        BOOKING.c.first_tick >= tick_of(since),
        BOOKING.c.state.in_(IN_THE_DAY),
    )
    return await _all(session, wanted.order_by(BOOKING.c.first_tick))


async def by_number(session: AsyncSession, number: str) -> list[Booking]:
    """Return bookings by their short code, the latest first."""
    wanted = select(BOOKING).where(BOOKING.c.number == number.strip().upper(), BOOKING.c.state != "held")
    return await _all(session, wanted.order_by(BOOKING.c.first_tick.desc()).limit(20))


async def by_name(session: AsyncSession, part: str, *, since: datetime) -> list[Booking]:
    """Return appointments from an instant on whose name contains something, by time.

    The databases know capitals of ASCII only: of other letters the question is rough, and answered here.
    """
    sought = normalize("NFC", part.strip()).casefold()
    rough = "%" + "".join(_sought(each) for each in sought) + "%"
    wanted = select(BOOKING).where(
        BOOKING.c.first_tick >= tick_of(since),
        BOOKING.c.state.in_(IN_THE_DAY),
        func.lower(BOOKING.c.name).like(rough, escape="/"),
    )
    found = await _all(session, wanted.order_by(BOOKING.c.first_tick))
    return [each for each in found if each.person and sought in normalize("NFC", each.person.name).casefold()][:_FOUND]


def _sought(letter: str) -> str:
    """Return a letter for LIKE; `%` for what is written in several ways (ß, ss, SS; Ö with its dots apart)."""
    if not letter.isascii() or letter == "s":
        return "%"
    return f"/{letter}" if letter in "/%_" else letter


async def _all(session: AsyncSession, wanted: Select[Any]) -> list[Booking]:
    return [booking_of(row) for row in await session.execute(wanted)]
