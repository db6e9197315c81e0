"""The waiting list: join it, and see how one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.answer import GIVEN_UP, given_up_at
from services.appointments.commands.proofs import spend_in
from services.appointments.commands.transact import transact
from services.appointments.commands.waiting_mail import record_joined
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.client import client_mac
from services.appointments.domain.refusal import HoldExpiredError, LimitError, MissingError, NotOfferedError
from services.appointments.domain.ticks import LOCAL
from services.appointments.domain.visit import visit_of
from services.appointments.domain.waiting import OPEN, Entry, Joining, State, Wanted
from services.appointments.storage import bookings, limits, waiting
from services.appointments.storage.booking_rows import email_key

_FURTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as people see it."""

    entry: Entry
    ahead: int
    offer: Booking | None
    instead_of: datetime | None
    """The appointment that they would give up for it."""


async def join(joining: Joining, desk: Desk) -> Entry:
    """Put somebody on the list, and tell them by mail where to find their place.

    Without a good proof of work the mail asks them to confirm it: until then the entry does not count.
    NotOfferedError, MissingError without the appointment that they name, LimitError.
    """
    _check(joining.wanted, desk)
    mac = None if joining.client is None else client_mac(desk.key, joining.client)
    key = None if joining.person.email is None else email_key(joining.person.email)

    async def work(session: AsyncSession) -> Entry:
        # First of all: so that the same entry sent twice at once is found, too.
        await limits.lock(session, [each for each in (mac, key) if each is not None])
        entry = await waiting.find(session, joining.waiting_id)
        if entry is not None:
            return entry
        await _check_client(session, mac, desk)
        proven = await spend_in(session, joining.proof, desk)
        await _check_person(session, joining, desk, states=OPEN if proven else ("unconfirmed", *OPEN))
        state: State = "waiting" if proven else "unconfirmed"
        joined = await waiting.add(session, joining, state, joined_at=desk.now(), client_mac=mac)
        entry = await waiting.locked(session, joining.waiting_id)
        if joined:
            await record_joined(session, desk, entry)
        return entry

    entry = await transact(desk, work)
    desk.freed()
    return entry


async def confirm_joining(waiting_id: UUID, desk: Desk) -> Entry:
    """Let an entry count whose link in the mail was opened; again, it changes nothing.

    Its place is that of joining. MissingError, LimitError; HoldExpiredError when it is too late.
    """

    async def work(session: AsyncSession) -> Entry:
        entry = await waiting.locked(session, waiting_id)
        if entry.state != "unconfirmed":
            return entry
        if entry.confirm_until <= desk.now():
            raise HoldExpiredError
        await _check_room(session, entry, desk)
        await waiting.confirm(session, entry)
        return await waiting.locked(session, waiting_id)

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
        instead_of = await given_up_at(session, entry, desk.now())
        return Standing(entry, await waiting.ahead_of(session, entry), offer, instead_of)


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
    since = desk.now() - limits.LIMIT_SPAN
    if mac is not None and await waiting.count_of_client(session, mac, since=since) >= desk.settings.holds_per_client:
        raise LimitError("client", desk.now() + limits.LIMIT_SPAN)


async def _check_room(session: AsyncSession, entry: Entry, desk: Desk) -> None:
    email = None if entry.person is None else entry.person.email
    if email is None:
        return
    await limits.lock(session, [email_key(email)])
    if await waiting.count_of_email(session, email) >= desk.settings.most_per_email:
        raise LimitError("email")


async def _check_person(session: AsyncSession, joining: Joining, desk: Desk, *, states: Sequence[State]) -> None:
    """Nobody waits more often than they may come; nor for what they could not accept.

    Entries that nobody has confirmed stand in the way of more such mails, not of the person whose address it is.
    """
    most, email = desk.settings.most_per_email, joining.person.email
    if email is None:
        raise MissingError
    if await waiting.count_of_email(session, email, states=states) >= most:
        raise LimitError("email")
    if joining.booking_id is not None:
        given_up = await bookings.find(session, joining.booking_id)
        if given_up is None or given_up.state not in GIVEN_UP or given_up.allocation.starts_at <= desk.now():
            raise MissingError
        return
    key = email_key(email)
    if await limits.coming_of_email(session, key, now=desk.now(), besides=joining.waiting_id) >= most:
        raise LimitError("email")
