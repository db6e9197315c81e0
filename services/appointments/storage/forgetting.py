"""What is erased when nobody needs it any more (Löschfristen); each returns how many rows it concerned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.domain.ticks import tick_of
from services.appointments.storage.tables import (
    BookingChangeRow,
    BookingRow,
    ClaimRow,
    QueueTicketRow,
    ReleaseTicketRow,
    UsedProofRow,
    WaitingRow,
)

_NOBODY = {"name": None, "email": None, "email_key": None, "phone": None}
_KNOWN = (BookingRow.name, BookingRow.email, BookingRow.email_key, BookingRow.phone, BookingRow.client_mac)


async def visitors(session: AsyncSession, *, visited_before: datetime) -> int:
    """Empty who came; when, where and what for stays for the statistics."""
    somebody = or_(*(each.is_not(None) for each in _KNOWN), BookingRow.note != "")
    wanted = update(BookingRow).where(BookingRow.first_tick < tick_of(visited_before), somebody)
    return await _count(session, wanted.values(**_NOBODY, note="", client_mac=None))


async def clients(session: AsyncSession, *, before: datetime) -> int:
    """Empty from which address somebody booked: the limits do not look further back."""
    of_bookings = update(BookingRow).where(BookingRow.created_at < before, BookingRow.client_mac.is_not(None))
    of_tickets = update(ReleaseTicketRow).where(
        ReleaseTicketRow.joined_at < before, ReleaseTicketRow.client_mac.is_not(None)
    )
    of_entries = update(WaitingRow).where(WaitingRow.joined_at < before, WaitingRow.client_mac.is_not(None))
    everywhere = (of_bookings, of_tickets, of_entries)
    return sum([await _count(session, each.values(client_mac=None)) for each in everywhere])


async def holds(session: AsyncSession, *, before: datetime) -> int:
    """Delete what nobody has ever booked, with its claims and its history."""
    was_booked = exists().where(
        BookingChangeRow.booking_id == BookingRow.booking_id, BookingChangeRow.what.in_(("booked", "imported"))
    )
    old = select(BookingRow.booking_id).where(
        BookingRow.state.in_(("held", "unconfirmed", "expired", "cancelled")),
        BookingRow.channel != "import",
        BookingRow.created_at < before,
        or_(BookingRow.expires_at.is_(None), BookingRow.expires_at < before),
        ~was_booked,
    )
    # Locked, so that nobody books what is being forgotten: a hold that ran out counts as long as the time is free.
    found = list(await session.scalars(old.limit(_AT_ONCE).with_for_update(skip_locked=True)))
    if not found:
        return 0
    await session.execute(delete(ClaimRow).where(ClaimRow.booking_id.in_(found), ClaimRow.expires_at < before))
    await session.execute(delete(BookingChangeRow).where(BookingChangeRow.booking_id.in_(found)))
    return await _count(session, delete(BookingRow).where(BookingRow.booking_id.in_(found)))


_AT_ONCE = 500


async def claims(session: AsyncSession, *, before: datetime, over_before: datetime) -> int:
    """Delete claims that ran out long ago and that nobody has taken over since, and all of days long over."""
    gone = or_(ClaimRow.expires_at < before, ClaimRow.tick < tick_of(over_before))
    return await _count(session, delete(ClaimRow).where(gone))


async def proofs(session: AsyncSession, *, before: datetime) -> int:
    """Delete proofs of work that are refused for their age alone."""
    return await _count(session, delete(UsedProofRow).where(UsedProofRow.expires_at < before))


async def waiting(session: AsyncSession) -> int:
    """Empty who waited when an entry has ended; it is done at the end itself, so that there is mostly nothing left."""
    known = or_(WaitingRow.name.is_not(None), WaitingRow.email_key.is_not(None))
    ended = update(WaitingRow).where(WaitingRow.state.in_(("taken", "ended", "expired")), known)
    return await _count(session, ended.values(**_NOBODY))


async def queue_tickets(session: AsyncSession, *, day: date) -> int:
    """Delete numbers of the waiting hall of days before this one."""
    return await _count(session, delete(QueueTicketRow).where(QueueTicketRow.day < day))


async def visits(session: AsyncSession, *, before: datetime) -> int:
    """Delete visits of long ago with their history, in which staff are named, and whoever waited for one then."""
    old = select(BookingRow.booking_id).where(BookingRow.first_tick < tick_of(before)).limit(_AT_ONCE)
    found = list(await session.scalars(old))
    await session.execute(delete(WaitingRow).where(WaitingRow.last_day < before.date()))
    if not found:
        return 0
    await session.execute(delete(BookingChangeRow).where(BookingChangeRow.booking_id.in_(found)))
    return await _count(session, delete(BookingRow).where(BookingRow.booking_id.in_(found)))


async def release_tickets(session: AsyncSession, *, before: datetime) -> int:
    """Delete places in waiting rooms that are long closed."""
    return await _count(session, delete(ReleaseTicketRow).where(ReleaseTicketRow.joined_at < before))


async def _count(session: AsyncSession, statement: Update | Delete) -> int:
    return cast("CursorResult[Any]", await session.execute(statement)).rowcount
