"""A booking as a row of its table, and as a value of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import Row, Table

from services.appointments.domain.booking import Allocation, Booking, Item, Person, State
from services.appointments.storage.tables import BookingRow

BOOKING = cast("Table", BookingRow.__table__)
Language = Literal["de", "en", "plain"]
Channel = Literal["web", "staff", "waiting_list", "walk_in", "import"]
TO_COME = ("unconfirmed", "booked")
IN_THE_DAY = ("unconfirmed", "booked", "arrived", "done", "missed")
_NOBODY = {"name": None, "email": None, "email_key": None, "phone": None, "note": ""}
"""The columns of whoever comes, while nobody knows."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a new row keeps beside the booking itself."""

    language: Language = "de"
    client_mac: str | None = None
    most: int = 0
    """Bookings that this client may have made since then."""
    counted_since: datetime | None = None
    waiting_id: UUID | None = None
    foreign_id: str | None = None


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


def row_of(booking: Booking, origin: Origin) -> dict[str, Any]:
    """Return the columns of a new row."""
    return {
        **_NOBODY,
        "language": origin.language,
        **values_of(booking),
        "booking_id": booking.booking_id,
        "channel": booking.channel,
        "number": booking.number,
        "created_at": booking.created_at,
        "proven": booking.proven,
        "client_mac": origin.client_mac,
        "waiting_id": origin.waiting_id,
        "foreign_id": origin.foreign_id,
    }


def values_of(booking: Booking) -> dict[str, Any]:
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


def _person_of(row: Row[Any] | BookingRow) -> Person | None:
    if row.name is None:
        return None
    return Person(row.name, row.email, row.phone, cast("Language", row.language), row.note)
