"""Answers of people on the waiting list: yes or no to an offer, or no longer interested."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.cancel import Freed, cancel_within, free_again, show_freed
from services.appointments.commands.confirm import confirm_within
from services.appointments.commands.still_offered import is_open
from services.appointments.commands.tell import CITIZEN
from services.appointments.commands.transact import transact
from services.appointments.desk import Desk
from services.appointments.domain.booking import STANDING, Booking
from services.appointments.domain.refusal import HoldExpiredError, StaleError
from services.appointments.domain.waiting import OPEN, Entry, pause_after
from services.appointments.storage import bookings, claims, waiting

GIVEN_UP = ("unconfirmed", "booked")
"""An appointment in one of these states is given up for the new one."""


async def accept(waiting_id: UUID, desk: Desk, *, offer_id: UUID | None = None) -> Booking:
    """Book what is held for them; the appointment that they had is given up in the same moment, or nothing changes.

    `offer_id`: the offer that they were shown; None: the one that stands. Again, it changes nothing. HoldExpiredError
    when it is no longer theirs, StaleError when they have left the list. An offer that is of no use by now goes to the
    next person: over, closed meanwhile, or no earlier than what they have.
    """
    closed = await _is_closed(waiting_id, desk)

    async def work(session: AsyncSession) -> tuple[Booking | None, Freed | None]:
        entry = await waiting.locked(session, waiting_id)
        theirs = _theirs(entry, offer_id)
        if entry.state == "taken":
            return await bookings.locked(session, theirs), None
        if entry.person is None:
            raise StaleError
        if closed or not await _is_of_use(session, entry, theirs, desk):
            return None, await let_go(session, entry, desk)
        # First the old one: then it no longer counts for the limit of the address.
        freed = await give_up(session, entry, desk)
        booking = await confirm_within(session, theirs, entry.person, desk, proven=True)
        await waiting.close(session, entry, "taken")
        return booking, freed

    booking, freed = await transact(desk, work)
    if booking is not None and booking.state in STANDING:
        desk.planner.took(booking.allocation, expires_at=None)
    show(freed, desk)
    if booking is None:
        raise HoldExpiredError
    return booking


async def refuse(waiting_id: UUID, desk: Desk, *, offer_id: UUID | None = None) -> None:
    """Let an offer go to the next person at once; they wait on. When it is no longer theirs it changes nothing.

    `offer_id`: as for `accept`.
    """

    async def work(session: AsyncSession) -> Freed | None:
        entry = await waiting.locked(session, waiting_id)
        is_it = entry.state == "offered" and _is_it(entry, offer_id)
        return await let_go(session, entry, desk) if is_it else None

    show(await transact(desk, work), desk)


async def reconsider(waiting_id: UUID, desk: Desk, *, offer_id: UUID) -> None:
    """Let the time of an offer that they did not take be offered to them again, if nobody else has it by now.

    What was offered since goes back too, and counts as never offered: of both the earlier is offered first. Again, it
    changes nothing.
    """

    async def work(session: AsyncSession) -> Freed | None:
        entry = await waiting.locked(session, waiting_id)
        shown = await bookings.find(session, offer_id)
        if entry.state not in OPEN or shown is None or shown.allocation.first_tick not in entry.refused:
            return None
        freed = await let_go(session, entry, desk) if entry.state == "offered" else None
        await waiting.offer_again(session, entry, shown.allocation.first_tick)
        return freed

    show(await transact(desk, work), desk)
    desk.freed()


async def leave(waiting_id: UUID, desk: Desk) -> None:
    """Take somebody off the list; what is held for them goes to the next person. Again, it changes nothing."""

    async def work(session: AsyncSession) -> Freed | None:
        entry = await waiting.locked(session, waiting_id)
        if entry.state not in ("unconfirmed", *OPEN):
            return None
        freed = await let_go(session, entry, desk) if entry.state == "offered" else None
        await waiting.close(session, await waiting.locked(session, waiting_id), "ended")
        return freed

    show(await transact(desk, work), desk)


async def let_go(session: AsyncSession, entry: Entry, desk: Desk, *, is_answered: bool = True) -> Freed | None:
    """End an offer, in the caller's transaction: the web does not get the time before the next person was asked.

    Whoever does not answer again and again is not asked for a while.
    """
    unanswered = 0 if is_answered else entry.unanswered + 1
    pause = pause_after(unanswered)
    paused_until = desk.now() + pause if pause else None
    booking = None if entry.offer_id is None else await bookings.find(session, entry.offer_id)
    tick = None if booking is None else booking.allocation.first_tick
    await waiting.passed_on(session, entry, tick, unanswered=unanswered, paused_until=paused_until)
    if booking is None:
        return None
    held = await bookings.locked(session, booking.booking_id)
    if held.state not in ("held", "unconfirmed"):
        return None
    until = free_again(held.allocation, desk)
    ticks = await claims.quarantine(session, held.booking_id, until=until)
    return Freed(await bookings.change(session, replace(held, state="expired", expires_at=None)), until, ticks)


async def give_up(session: AsyncSession, entry: Entry, desk: Desk) -> Freed | None:
    """Cancel the appointment that somebody had, in the transaction in which they get the new one."""
    if entry.booking_id is None or await given_up_at(session, entry, desk.now(), lock=True) is None:
        return None
    return await cancel_within(session, entry.booking_id, desk, by=CITIZEN, seen_version=None)


async def given_up_at(session: AsyncSession, entry: Entry, now: datetime, *, lock: bool = False) -> datetime | None:
    """Return when the appointment is that somebody would give up; None without one to come."""
    booking = None if entry.booking_id is None else await bookings.find(session, entry.booking_id)
    if lock and booking is not None:
        booking = await bookings.locked(session, booking.booking_id)
    if booking is None or booking.state not in GIVEN_UP or booking.allocation.starts_at <= now:
        return None
    return booking.allocation.starts_at


def _theirs(entry: Entry, offer_id: UUID | None) -> UUID:
    """Return the offer to which they say yes; HoldExpiredError when it is another one by now, StaleError."""
    if entry.state == "waiting":
        raise HoldExpiredError
    if entry.state not in ("offered", "taken") or entry.offer_id is None:
        raise StaleError
    if not _is_it(entry, offer_id):
        raise HoldExpiredError
    return entry.offer_id


def _is_it(entry: Entry, offer_id: UUID | None) -> bool:
    """Tell whether they answer the offer that stands: a page or a mail may show one that is over."""
    return offer_id in (None, entry.offer_id)


async def _is_closed(waiting_id: UUID, desk: Desk) -> bool:
    """Tell whether the office has closed at the time of the offer since it was made; nobody has booked it yet."""
    async with desk.database.reading() as session:
        entry = await waiting.find(session, waiting_id)
        offer_id = None if entry is None or entry.state != "offered" else entry.offer_id
        booking = None if offer_id is None else await bookings.find(session, offer_id)
    if booking is None or booking.state != "held":
        return False
    return not await is_open(booking.allocation, desk)


async def _is_of_use(session: AsyncSession, entry: Entry, offer_id: UUID, desk: Desk) -> bool:
    booking = await bookings.find(session, offer_id)
    if booking is None or booking.state != "held":
        return True
    before = await given_up_at(session, entry, desk.now(), lock=True)
    starts_at = booking.allocation.starts_at
    return starts_at > desk.now() and (before is None or starts_at < before)


def show(freed: Freed | None, desk: Desk) -> None:
    """Draw what a commit has freed, and wake the waiting list."""
    if freed is not None:
        show_freed(freed, desk)
