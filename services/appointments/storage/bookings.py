"""Rows of bookings, as values of the domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import Row, Select, Table, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from services.appointments.domain.booking import Allocation, Booking, Item, Person, State
from services.appointments.domain.refusal import LimitError, MissingError
from services.appointments.domain.ticks import day_ticks, tick_of
from services.appointments.storage.tables import BookingChangeRow, BookingRow

BOOKING = cast("Table", BookingRow.__table__)
Language = Literal["de", "en", "plain"]
Channel = Literal["web", "staff", "waiting_list", "walk_in", "import"]
LIMIT_SPAN = timedelta(hours=1)
"""In which the holds of one client are counted."""
_FOUND = 50
TO_COME = ("unconfirmed", "booked")
IN_THE_DAY = ("unconfirmed", "booked", "arrived", "done", "missed")

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
NOBODY = {"name": None, "email": None, "email_key": None, "phone": None, "note": ""}
"""The columns of whoever comes, while nobody knows."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a new row keeps beside the booking itself."""

    language: Language = "de"
    client_mac: str | None = None
    most: int = 0
    """Bookings that this client may make within an hour."""
    waiting_id: UUID | None = None
    foreign_id: str | None = None


async def add(session: AsyncSession, booking: Booking, origin: Origin) -> None:
    """Insert a booking; LimitError when its client has made too many, IntegrityError when its id is known.

    On PostgreSQL a client that asks many times in the same instant may get a few more than its limit.
    """
    values = {
        **_row_of(booking, origin),
        "since": booking.created_at - LIMIT_SPAN,
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
        since = min(booking.created_at for booking, _ in made) - LIMIT_SPAN
        for mac, before in await session.execute(_OF_CLIENTS, {"macs": list(macs), "since": since}):
            macs[mac] += before
    if any(origin.client_mac and macs[origin.client_mac] > origin.most for _, origin in made):
        raise LimitError("client")
    await session.execute(insert(BOOKING), [_row_of(booking, origin) for booking, origin in made])


async def change(session: AsyncSession, after: Booking) -> Booking:
    """Write a booking that was `locked` in this transaction; return it with its next version."""
    written = replace(after, version=after.version + 1)
    await session.execute(_CHANGE.values(_values(written)), {"of_booking": after.booking_id})
    return written


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


async def coming_of_email(session: AsyncSession, email_key: str, *, now: datetime, besides: UUID) -> int:
    """Count the appointments to come under an e-mail address; until the end of the transaction nobody else does.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(email_key))))
    wanted = select(func.count()).where(
        BOOKING.c.email_key == email_key,
        BOOKING.c.first_tick > tick_of(now),
        BOOKING.c.state.in_(TO_COME),
        or_(BOOKING.c.expires_at.is_(None), BOOKING.c.expires_at > now),
        BOOKING.c.booking_id != besides,
    )
    return await session.scalar(wanted) or 0


async def first_of_client(session: AsyncSession, client_mac: str, *, since: datetime) -> datetime | None:
    """Return when a client made the oldest booking that still counts."""
    wanted = select(func.min(BOOKING.c.created_at)).where(
        BOOKING.c.client_mac == client_mac, BOOKING.c.created_at > since
    )
    return await session.scalar(wanted)


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


async def moves(session: AsyncSession, booking_id: UUID, *, by: str, since: datetime) -> int:
    """Count how often somebody has moved a booking."""
    theirs = (BookingChangeRow.booking_id == booking_id, BookingChangeRow.what == "moved", BookingChangeRow.by == by)
    wanted = select(func.count()).select_from(BookingChangeRow).where(*theirs, BookingChangeRow.at > since)
    return await session.scalar(wanted) or 0


async def history(session: AsyncSession, booking_id: UUID) -> list[BookingChangeRow]:
    """Return what was done with a booking (Änderungsverlauf), in order."""
    wanted = select(BookingChangeRow).where(BookingChangeRow.booking_id == booking_id)
    return list(await session.scalars(wanted.order_by(BookingChangeRow.change_id)))


def booking_of(row: Row[Any] | BookingRow) -> Booking:
    """Return the value of a row."""
    return Booking(
        booking_id=row.booking_id,
        state=cast("State", row.state),
        allocation=Allocation(row.office, tuple(row.resources), row.first_tick, row.ticks, row.visit_ticks),
        items=tuple(Item(each["service"], each["count"]) for each in row.items),
        person=_person_of(row),
        channel=cast("Channel", row.channel),
        number=row.number,
        version=row.version,
        expires_at=row.expires_at,
        created_at=row.created_at,
        proven=row.proven,
    )


def email_key(email: str) -> str:
    """Return what two spellings of one address have in common."""
    return email.strip().lower()


def _person_of(row: Row[Any] | BookingRow) -> Person | None:
    if row.name is None:
        return None
    return Person(row.name, row.email, row.phone, cast("Language", row.language), row.note)


def _row_of(booking: Booking, origin: Origin) -> dict[str, Any]:
    return {
        **NOBODY,
        "language": origin.language,
        **_values(booking),
        "booking_id": booking.booking_id,
        "channel": booking.channel,
        "number": booking.number,
        "created_at": booking.created_at,
        "proven": booking.proven,
        "client_mac": origin.client_mac,
        "waiting_id": origin.waiting_id,
        "foreign_id": origin.foreign_id,
    }


def _values(booking: Booking) -> dict[str, Any]:
    """Return the columns that may change."""
    where, person = booking.allocation, booking.person
    values: dict[str, Any] = {
        "state": booking.state,
        "office": where.office,
        "resources": list(where.resources),
        "first_tick": where.first_tick,
        "ticks": where.ticks,
        "visit_ticks": where.visit_ticks,
        "items": [{"service": each.service, "count": each.count} for each in booking.items],
        "version": booking.version,
        "expires_at": booking.expires_at,
    }
    if person is not None:
        values |= {
            "name": person.name,
            "email": person.email,
            "email_key": None if person.email is None else email_key(person.email),
            "phone": person.phone,
            "language": person.language,
            "note": person.note,
        }
    return values


async def _all(session: AsyncSession, wanted: Select[Any]) -> list[Booking]:
    return [booking_of(row) for row in await session.execute(wanted)]
