"""Tickets of the queue. Whatever two clerks do at once, the row is changed by one of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.appointments.domain import booking
from services.appointments.domain.booking import Item
from services.appointments.domain.queue import State, Ticket
from services.appointments.domain.ticks import instant_of
from services.appointments.storage.tables import BookingRow, QueueTicketRow

_STATES: dict[str, State] = {each: each for each in get_args(State)}
_BOOKING_STATES: dict[str, booking.State] = {each: each for each in get_args(booking.State)}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who gets a number."""

    ticket_id: UUID
    office: str
    day: date
    items: tuple[Item, ...]
    booking_id: UUID | None
    due_at: datetime | None
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """An appointment as the check-in needs it."""

    booking_id: UUID
    office: str
    state: booking.State
    items: tuple[Item, ...]
    starts_at: datetime


async def join(session: AsyncSession, arrival: Arrival) -> Ticket:
    """Give the next number of the office and the day; who has one already (same id, same booking) keeps it.

    Of two who get the same number at once the database takes one; the other reads again.
    """
    while True:
        present = await find(session, arrival.ticket_id) or await of_booking(session, arrival.booking_id)
        if present is not None:
            return present
        of_day = QueueTicketRow.office == arrival.office, QueueTicketRow.day == arrival.day
        last = await session.scalar(select(func.max(QueueTicketRow.number)).where(*of_day))
        await session.execute(insert_if_absent(session, QueueTicketRow).values(**_columns(arrival, (last or 0) + 1)))


def _columns(arrival: Arrival, number: int) -> dict[str, Any]:
    return {
        "ticket_id": arrival.ticket_id,
        "office": arrival.office,
        "day": arrival.day,
        "number": number,
        "items": [{"service": each.service, "count": each.count} for each in arrival.items],
        "booking_id": arrival.booking_id,
        "state": "waiting",
        "joined_at": arrival.joined_at,
        "due_at": arrival.due_at,
        "calls": 0,
    }


async def find(session: AsyncSession, ticket_id: UUID) -> Ticket | None:
    """Return one ticket."""
    return _ticket(await session.get(QueueTicketRow, ticket_id, populate_existing=True))


async def of_booking(session: AsyncSession, booking_id: UUID | None) -> Ticket | None:
    """Return the ticket of an appointment."""
    if booking_id is None:
        return None
    return _ticket(await session.scalar(select(QueueTicketRow).where(QueueTicketRow.booking_id == booking_id)))


async def of_day(session: AsyncSession, office: str, day: date) -> list[Ticket]:
    """Return all tickets of a day."""
    rows = await session.scalars(
        select(QueueTicketRow)
        .where(QueueTicketRow.office == office, QueueTicketRow.day == day)
        .order_by(QueueTicketRow.number)
        .execution_options(populate_existing=True)
    )
    return [ticket for row in rows if (ticket := _ticket(row)) is not None]


async def change(
    session: AsyncSession,
    ticket_id: UUID,
    *,
    states: Collection[State],
    at: str | None = None,
    **values: Any,
) -> bool:
    """Change a ticket if it is (still) in one of these states, and at this counter if one is named.

    IntegrityError when its new counter has called somebody else meanwhile.
    """
    changing = update(QueueTicketRow).where(QueueTicketRow.ticket_id == ticket_id, QueueTicketRow.state.in_(states))
    if at is not None:
        changing = changing.where(QueueTicketRow.resource == at)
    result = await session.execute(changing.values(**values).execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount == 1


async def expected(session: AsyncSession, wanted: UUID | str) -> Sequence[Expected]:
    """Return the appointments under an id or a number (Vorgangsnummer), the newest first."""
    is_it = BookingRow.booking_id == wanted if isinstance(wanted, UUID) else BookingRow.number == wanted
    rows = await session.scalars(select(BookingRow).where(is_it).order_by(BookingRow.first_tick.desc()))
    return [
        Expected(row.booking_id, row.office, _BOOKING_STATES[row.state], _items(row.items), instant_of(row.first_tick))
        for row in rows
    ]


async def names(session: AsyncSession, tickets: Sequence[Ticket]) -> dict[UUID, str]:
    """Return the names of those with an appointment, by its id."""
    wanted = [each.booking_id for each in tickets if each.booking_id is not None]
    rows = await session.execute(
        select(BookingRow.booking_id, BookingRow.name).where(BookingRow.booking_id.in_(wanted))
    )
    return {booking_id: name for booking_id, name in rows if name is not None}


def _items(told: Sequence[dict[str, Any]]) -> tuple[Item, ...]:
    return tuple(Item(str(each["service"]), int(each["count"])) for each in told)


def _ticket(row: QueueTicketRow | None) -> Ticket | None:
    if row is None:
        return None
    return Ticket(
        ticket_id=row.ticket_id,
        office=row.office,
        day=row.day,
        number=row.number,
        items=_items(row.items),
        booking_id=row.booking_id,
        state=_STATES[row.state],
        joined_at=row.joined_at,
        due_at=row.due_at,
        resource=row.resource,
        called_at=row.called_at,
        calls=row.calls,
        ended_at=row.ended_at,
    )
