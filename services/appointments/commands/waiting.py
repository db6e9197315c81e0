"""The waiting list: join it, and see how one stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.answer import GIVEN_UP
from services.appointments.commands.transact import transact
from services.appointments.commands.waiting_mail import record_joined
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.client import client_mac
from services.appointments.domain.refusal import LimitError, MissingError, NotOfferedError
from services.appointments.domain.ticks import LOCAL
from services.appointments.domain.visit import visit_of
from services.appointments.domain.waiting import Entry, Joining, Wanted
from services.appointments.storage import bookings, waiting

_FURTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as people see it."""

    entry: Entry
    ahead: int
    offer: Booking | None


async def join(joining: Joining, desk: Desk) -> Entry:
    """Put somebody on the list, and tell them by mail where to find their place.

    NotOfferedError, MissingError without the appointment that they name, LimitError.
    """
    _check(joining.wanted, desk)

    async def work(session: AsyncSession) -> Entry:
        entry = await waiting.find(session, joining.waiting_id)
        if entry is not None:
            return entry
        mac = None if joining.client is None else client_mac(desk.key, joining.client)
        await _check_client(session, mac, desk)
        await _check_person(session, joining, desk)
        joined = await waiting.add(session, joining, joined_at=desk.now(), client_mac=mac)
        entry = await waiting.locked(session, joining.waiting_id)
        if joined:
            await record_joined(session, desk, entry)
        return entry

    entry = await transact(desk, work)
    desk.freed()
    return entry


async def standing(waiting_id: UUID, desk: Desk) -> Standing:
    """Return how an entry stands; MissingError."""
    async with desk.database.reading() as session:
        entry = await waiting.find(session, waiting_id)
        if entry is None:
            raise MissingError
        offer = None if entry.offer_id is None else await bookings.find(session, entry.offer_id)
        return Standing(entry, await waiting.ahead_of(session, entry), offer)


async def whose_offer(booking_id: UUID, desk: Desk) -> UUID:
    """Return the entry to which a booking is an offer; MissingError when it is none."""
    async with desk.database.reading() as session:
        found = await waiting.of_offer(session, booking_id)
    if found is None:
        raise MissingError
    return found


def _check(wanted: Wanted, desk: Desk) -> None:
    for wish in wanted.wishes():
        visit_of(desk.master, wish)
    today = desk.now().astimezone(LOCAL).date()
    if wanted.last_day < max(today, wanted.first_day):
        raise NotOfferedError("too_soon")
    if wanted.last_day > today + _FURTHEST:
        raise NotOfferedError("too_far")


async def _check_client(session: AsyncSession, mac: str | None, desk: Desk) -> None:
    """Each entry is a mail to an address that somebody typed in: nobody has us write to many."""
    since = desk.now() - bookings.LIMIT_SPAN
    if mac is not None and await waiting.count_of_client(session, mac, since=since) >= desk.settings.holds_per_client:
        raise LimitError("client", desk.now() + bookings.LIMIT_SPAN)


async def _check_person(session: AsyncSession, joining: Joining, desk: Desk) -> None:
    """Nobody waits more often than they may come; nor for what they could not accept."""
    most, email = desk.settings.most_per_email, joining.person.email
    if email is None:
        raise MissingError
    if await waiting.count_of_email(session, email) >= most:
        raise LimitError("email")
    if joining.booking_id is not None:
        given_up = await bookings.find(session, joining.booking_id)
        if given_up is None or given_up.state not in GIVEN_UP or given_up.allocation.starts_at <= desk.now():
            raise MissingError
        return
    key = bookings.email_key(email)
    if await bookings.coming_of_email(session, key, now=desk.now(), besides=joining.waiting_id) >= most:
        raise LimitError("email")
