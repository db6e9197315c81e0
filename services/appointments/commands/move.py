"""Move an appointment: the new time and the old one change hands in one transaction, or nothing happens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.cancel import Freed, free_again, show_freed
from services.appointments.commands.tell import CITIZEN, tell
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Audience, Booking, Item, Wish
from services.appointments.domain.refusal import (
    LimitError,
    MissingError,
    NotOfferedError,
    StaleError,
    TakenError,
)
from services.appointments.domain.release_queue import is_queued
from services.appointments.domain.ticks import local_day, tick_of
from services.appointments.storage import bookings, claims, history, limits


@dataclass(frozen=True, slots=True)
class _Order:
    """One move: which booking, as it was seen, by whom."""

    booking_id: UUID
    desk: Desk
    by: str
    seen_version: int
    items: tuple[Item, ...]
    over_quarantine: bool


async def move(  # noqa: PLR0913 - the interface of the staff's grid
    booking_id: UUID,
    wish: Wish | None,
    starts_at: datetime,
    desk: Desk,
    *,
    by: str,
    seen_version: int,
    audience: Audience,
    resource: str | None = None,
) -> Booking:
    """Give an appointment another time, counter or office; `wish` None: what it is for, where it is.

    TakenError, NotOfferedError, LimitError: it stays what it was. StaleError when it has changed since `seen_version`,
    unless to just that; or when it is no appointment to come. It may overlap with itself, and lasts as long as before.
    """
    async with desk.database.reading() as session:
        before = await bookings.find(session, booking_id)
        moves = await history.moves(session, booking_id, by=CITIZEN, since=desk.now() - limits.LIMIT_SPAN)
    if before is None:
        raise MissingError
    wanted = wish or Wish(before.allocation.office, before.items)
    if before.version == seen_version + 1 and _is_there(before, wanted, starts_at, resource):
        return before
    now = desk.now()
    _check(before, seen_version=seen_version, by=by, now=now)
    if _is_there(before, wanted, starts_at, resource):
        return before
    if by == CITIZEN:
        _check_citizen(wanted.office, starts_at, moves, desk)
    ways = await desk.planner.candidates(
        wanted, starts_at, audience=audience, now=now, resource=resource, besides=before.allocation
    )
    over_quarantine = audience == "staff"
    async with desk.database.reading() as session:
        free = await claims.still_free(session, ways, besides=booking_id, now=now, over_quarantine=over_quarantine)
    order = _Order(booking_id, desk, by, seen_version, wanted.items, over_quarantine)
    return await _first_of(sorted(free, key=lambda way: _is_elsewhere(way, before.allocation)), order)


async def _first_of(ways: list[Allocation], order: _Order) -> Booking:
    for way in ways:

        async def work(session: AsyncSession, way: Allocation = way) -> tuple[Booking, Freed]:
            return await _swap(session, way, order)

        try:
            moved, freed = await transact(order.desk, work)
        except TakenError:
            continue
        show_freed(freed, order.desk)
        order.desk.planner.took(moved.allocation, expires_at=None)
        return moved
    raise TakenError


async def _swap(session: AsyncSession, way: Allocation, order: _Order) -> tuple[Booking, Freed]:
    before = await bookings.locked(session, order.booking_id)
    now = order.desk.now()
    _check(before, seen_version=order.seen_version, by=order.by, now=now)
    until = free_again(before.allocation, order.desk)
    ticks = await claims.quarantine(session, order.booking_id, until=until)
    await claims.take(session, way, order.booking_id, expires_at=None, now=now, over_quarantine=order.over_quarantine)
    moved = await bookings.change(session, replace(before, allocation=way, items=order.items))
    await tell(session, order.desk, moved, "moved", previous=before.allocation, by=order.by)
    return moved, Freed(before, until, ticks)


def _check(booking: Booking, *, seen_version: int, by: str, now: datetime) -> None:
    if booking.version != seen_version or booking.state != "booked":
        raise StaleError
    if by == CITIZEN and booking.allocation.starts_at <= now:
        raise StaleError


def _check_citizen(office: str, starts_at: datetime, moves: int, desk: Desk) -> None:
    """Nobody gets past the waiting room in this way; nor keeps times from others by moving on and on."""
    known = desk.master.offices.get(office)
    if known is not None and is_queued(known, local_day(tick_of(starts_at)), desk.now()):
        raise NotOfferedError("queue")
    if moves >= desk.settings.holds_per_client:
        raise LimitError("client")


def _is_there(booking: Booking, wanted: Wish, starts_at: datetime, resource: str | None) -> bool:
    where = booking.allocation
    same_place = where.office == wanted.office and resource in (None, *where.resources)
    return booking.state == "booked" and same_place and where.starts_at == starts_at and booking.items == wanted.items


def _is_elsewhere(way: Allocation, before: Allocation) -> bool:
    """Whoever comes a little later stays at the counter, if possible."""
    return way.resources != before.resources
