"""Somebody is there: a number for those without an appointment, the check-in of those with one (Ankunft)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.settle import settle_within
from services.appointments.commands.tell import CITIZEN
from services.appointments.desk import Desk
from services.appointments.domain.booking import STANDING, Item
from services.appointments.domain.hall import Hall
from services.appointments.domain.queue import ArrivalError, Ticket, check_arrival, counters_for
from services.appointments.domain.refusal import MissingError, NotOfferedError
from services.appointments.queries_queue import hall_of, local_day
from services.appointments.storage import bookings, queue
from services.appointments.storage.conflicts import retried
from services.appointments.storage.queue import Arrival, Expected

Settled = Literal["arrived", "done", "missed"]
_MAY_COME = ("booked", "arrived", "missed")


async def take_number(
    office: str, items: Sequence[Item], desk: Desk, *, ticket_id: UUID, by_staff: bool = False
) -> tuple[Hall, Ticket]:
    """Give a number to somebody without an appointment; the same id asked again is the same number.

    NotOfferedError when nobody could be served; whom staff have looked in the face gets one in any case.
    """
    _check(office, items, desk)
    async with desk.database.transaction() as session:
        present = await queue.find(session, ticket_id)
        if present is None and not by_staff:
            hall = await hall_of(session, desk, office)
            if not hall.is_offered(items):
                raise NotOfferedError("closed")
        now = desk.now()
        arrival = Arrival(ticket_id, office, local_day(now), tuple(items), None, None, now)
        ticket = present or await queue.join(session, arrival)
        return await hall_of(session, desk, ticket.office), ticket


def _check(office: str, items: Sequence[Item], desk: Desk) -> None:
    if office not in desk.master.offices:
        raise NotOfferedError("unknown")
    for item in items:
        service = desk.master.services.get(item.service)
        if service is None:
            raise NotOfferedError("unknown")
        if item.count > service.most:
            raise NotOfferedError("too_many")
    if not items or not counters_for(desk.master, office, items):
        raise NotOfferedError("not_here")


async def check_in(wanted: UUID | str, office: str | None, desk: Desk, *, by: str = CITIZEN) -> tuple[Hall, Ticket]:
    """Give a number to somebody with an appointment: once, however often they check in, or `by` a clerk.

    MissingError when there is no such appointment, ArrivalError when it is not here and now.
    """

    async def work(session: AsyncSession) -> tuple[Hall, Ticket]:
        now = desk.now()
        found = _of_today(await queue.expected(session, wanted), now)
        _check_expected(found, office or found.office, now)
        ticket = await queue.of_booking(session, found.booking_id)
        if ticket is None:
            due = found.booking_id, found.starts_at
            ticket = await queue.join(session, Arrival(uuid4(), found.office, local_day(now), found.items, *due, now))
            await settle_booking(session, desk, found.booking_id, "arrived", by=by)
        return await hall_of(session, desk, found.office), ticket

    return await retried(desk.database, work)


def _of_today(found: Sequence[Expected], now: datetime) -> Expected:
    """Choose among appointments under one number that of today, else the newest."""
    if not found:
        raise MissingError
    return next((each for each in found if local_day(each.starts_at) == local_day(now)), found[0])


def _check_expected(found: Expected, office: str, now: datetime) -> None:
    if found.state in ("held", "unconfirmed", "expired"):
        raise MissingError
    if found.state not in _MAY_COME:
        raise ArrivalError("over", found.office, found.starts_at)
    today = local_day(found.starts_at) == local_day(now)
    check_arrival(office=office, expected_at=found.office, starts_at=found.starts_at, today=today, now=now)


async def settle_booking(
    session: AsyncSession, desk: Desk, booking_id: UUID | None, state: Settled, *, by: str
) -> None:
    """Bring an appointment to where its ticket is; one that was cancelled meanwhile stays so."""
    booking = None if booking_id is None else await bookings.find(session, booking_id)
    if booking is not None and booking.state in STANDING:
        await settle_within(session, booking.booking_id, state, desk, by=by)
