"""Rows of the waiting list, as values of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.appointments.domain.booking import Item, Person
from services.appointments.domain.refusal import MissingError
from services.appointments.domain.ticks import instant_of, tick_of
from services.appointments.domain.waiting import LINK_VALID, OPEN, Entry, Joining, State, Wanted
from services.appointments.storage.booking_rows import Language, email_key
from services.appointments.storage.tables import BookingRow, WaitingRow

_NOBODY = {"name": None, "email": None, "email_key": None, "phone": None}
_BEGUN = ("booked", "arrived", "done", "missed")


async def add(
    session: AsyncSession, joining: Joining, state: State, *, joined_at: datetime, client_mac: str | None
) -> bool:
    """Add somebody at the end; False when this entry is there already."""
    wanted, person = joining.wanted, joining.person
    row = {
        "waiting_id": joining.waiting_id,
        "state": state,
        **asdict(wanted),
        "offices": list(wanted.offices),
        "items": [asdict(each) for each in wanted.items],
        "name": person.name,
        "email": person.email,
        "email_key": None if person.email is None else email_key(person.email),
        "phone": person.phone,
        "language": person.language,
        "joined_at": joined_at,
        "booking_id": joining.booking_id,
        "offer_id": None,
        "offers": 0,
        "refused": [],
        "unanswered": 0,
        "paused_until": None,
        "client_mac": client_mac,
    }
    statement = insert_if_absent(session, WaitingRow).values(row).returning(WaitingRow.place)
    return (await session.execute(statement)).first() is not None


async def find(session: AsyncSession, waiting_id: UUID, *, lock: bool = False) -> Entry | None:
    """Return an entry; `lock` it in a transaction that is going to change it."""
    return await _one(session, WaitingRow.waiting_id == waiting_id, lock=lock)


async def locked(session: AsyncSession, waiting_id: UUID) -> Entry:
    """Return an entry that is going to be changed; MissingError."""
    entry = await find(session, waiting_id, lock=True)
    if entry is None:
        raise MissingError
    return entry


async def of_offer(session: AsyncSession, booking_id: UUID) -> UUID | None:
    """Return whose offer a booking is or was."""
    return await session.scalar(select(BookingRow.waiting_id).where(BookingRow.booking_id == booking_id))


async def in_order(session: AsyncSession, now: datetime) -> list[Entry]:
    """Return all who wait for an offer, in order."""
    awake = or_(WaitingRow.paused_until.is_(None), WaitingRow.paused_until <= now)
    wanted = select(WaitingRow).where(WaitingRow.state == "waiting", awake)
    return [_entry(row) for row in await session.scalars(wanted.order_by(WaitingRow.place))]


async def given_up(session: AsyncSession, *, states: Sequence[str], now: datetime) -> dict[UUID, datetime]:
    """Return when the appointments are that people who wait have and would give up, by entry."""
    theirs = select(WaitingRow.waiting_id, BookingRow.first_tick).join(
        BookingRow, BookingRow.booking_id == WaitingRow.booking_id
    )
    coming = (BookingRow.state.in_(states), BookingRow.first_tick > tick_of(now))
    rows = await session.execute(theirs.where(WaitingRow.state == "waiting", *coming))
    return {waiting_id: instant_of(first_tick) for waiting_id, first_tick in rows}


async def ahead_of(session: AsyncSession, entry: Entry) -> int:
    """Count who comes before somebody at one of their offices."""
    rows = await session.scalars(
        select(WaitingRow.offices).where(WaitingRow.state.in_(OPEN), WaitingRow.place < entry.place)
    )
    wanted = set(entry.wanted.offices)
    return sum(1 for offices in rows if wanted.intersection(offices))


async def count_of_email(session: AsyncSession, email: str, *, states: Sequence[State] = OPEN) -> int:
    """Count the entries in such a state under an e-mail address."""
    theirs = (WaitingRow.email_key == email_key(email), WaitingRow.state.in_(states))
    return await session.scalar(select(func.count()).select_from(WaitingRow).where(*theirs)) or 0


async def count_of_client(session: AsyncSession, client_mac: str, *, since: datetime) -> int:
    """Count who joined from one address."""
    theirs = (WaitingRow.client_mac == client_mac, WaitingRow.joined_at > since)
    return await session.scalar(select(func.count()).select_from(WaitingRow).where(*theirs)) or 0


async def run_out(session: AsyncSession, now: datetime) -> list[UUID]:
    """Return the entries whose offer nobody has answered in time, or was answered some other way."""
    open_still = BookingRow.state.in_(("held", "unconfirmed")) & (BookingRow.expires_at > now)
    standing = select(BookingRow.booking_id).where(BookingRow.booking_id == WaitingRow.offer_id, open_still).exists()
    rows = await session.scalars(
        select(WaitingRow.waiting_id).where(WaitingRow.state == "offered", ~standing).order_by(WaitingRow.place)
    )
    return list(rows)


async def over(session: AsyncSession, now: datetime, today: date) -> list[UUID]:
    """Return the entries that end by themselves.

    Their last day is over, the link in the mail was not opened in time, or they have come to the appointment that they
    wanted to bring forward.
    """
    waits, unconfirmed = WaitingRow.state == "waiting", WaitingRow.state == "unconfirmed"
    begun = (BookingRow.state.in_(_BEGUN), BookingRow.first_tick <= tick_of(now))
    been_there = select(BookingRow.booking_id).where(BookingRow.booking_id == WaitingRow.booking_id, *begun).exists()
    rows = await session.scalars(
        select(WaitingRow.waiting_id).where(
            or_(
                and_(or_(waits, unconfirmed), WaitingRow.last_day < today),
                and_(unconfirmed, WaitingRow.joined_at <= now - LINK_VALID),
                and_(waits, WaitingRow.booking_id.is_not(None), been_there),
            )
        )
    )
    return list(rows)


async def confirm(session: AsyncSession, entry: Entry) -> bool:
    """Let an entry count whose link was opened; its place is that of joining."""
    return await _change(session, entry.waiting_id, "unconfirmed", {"state": "waiting"})


async def offered(session: AsyncSession, entry: Entry, offer_id: UUID) -> bool:
    """Note the offer that is made; False when somebody has changed the entry meanwhile."""
    values = {"state": "offered", "offer_id": offer_id, "offers": WaitingRow.offers + 1}
    return await _change(session, entry.waiting_id, "waiting", values)


async def passed_on(
    session: AsyncSession, entry: Entry, first_tick: int | None, *, unanswered: int = 0, paused_until: datetime | None
) -> bool:
    """Let somebody wait on whose offer went by; that time is not offered again."""
    refused = entry.refused if first_tick is None else entry.passed_on(first_tick)
    silence = {"unanswered": unanswered, "paused_until": paused_until}
    return await _change(
        session,
        entry.waiting_id,
        "offered",
        {"state": "waiting", "offer_id": None, "refused": list(refused), **silence},
    )


async def offer_again(session: AsyncSession, entry: Entry, first_tick: int) -> bool:
    """Let a time that somebody did not take be offered to them again."""
    refused = [tick for tick in entry.refused if tick != first_tick]
    values = {"refused": refused, "unanswered": 0, "paused_until": None}
    return await _change(session, entry.waiting_id, "waiting", values)


async def close(session: AsyncSession, entry: Entry, state: State) -> bool:
    """End an entry as it was just seen, and forget at once who it was."""
    return await _change(session, entry.waiting_id, entry.state, {"state": state, **_NOBODY})


async def _change(session: AsyncSession, waiting_id: UUID, seen: State, values: dict[str, Any]) -> bool:
    changed = await session.execute(
        update(WaitingRow)
        .where(WaitingRow.waiting_id == waiting_id, WaitingRow.state == seen)
        .values(values)
        .returning(WaitingRow.place)
    )
    return changed.first() is not None


async def _one(session: AsyncSession, which: ColumnElement[bool], *, lock: bool) -> Entry | None:
    statement = select(WaitingRow).where(which).execution_options(populate_existing=True)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    return None if row is None else _entry(row)


def _entry(row: WaitingRow) -> Entry:
    wanted = Wanted(
        offices=tuple(row.offices),
        items=tuple(Item(each["service"], each["count"]) for each in row.items),
        first_day=row.first_day,
        last_day=row.last_day,
        from_time=row.from_time,
        to_time=row.to_time,
    )
    return Entry(
        place=row.place,
        waiting_id=row.waiting_id,
        state=cast("State", row.state),
        wanted=wanted,
        person=None if row.name is None else _person(row),
        booking_id=row.booking_id,
        offer_id=row.offer_id,
        offers=row.offers,
        refused=tuple(row.refused),
        joined_at=row.joined_at,
        unanswered=row.unanswered,
    )


def _person(row: WaitingRow) -> Person:
    return Person(row.name or "", row.email, row.phone, cast("Language", row.language))
