"""The waiting room of a release: a ticket, its turn, and what it lets through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.desk import Desk
from services.appointments.domain import tokens
from services.appointments.domain.client import client_mac
from services.appointments.domain.refusal import LimitError, MissingError
from services.appointments.domain.release_queue import (
    HOLDS_PER_TICKET,
    Opening,
    Phase,
    Turn,
    is_queued,
    next_opening,
    opening_of,
    order_key,
    ticket_id_of,
    turn,
)
from services.appointments.storage import releases
from services.appointments.storage.releases import Ticket


class RoomClosedError(Exception):
    """Nobody waits now; `opens_at` when somebody may."""

    def __init__(self, opens_at: datetime) -> None:
        """Keep when."""
        super().__init__(opens_at.isoformat())
        self.opens_at = opens_at


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket and where it stands."""

    ticket_id: UUID
    opening: Opening
    phase: Phase
    turn: Turn


async def join(office: str, client: str, desk: Desk, *, token: str | None = None) -> Place:
    """Enter the waiting room; with the token of a ticket that still counts, the same place again.

    MissingError without such a release, RoomClosedError outside of its time, LimitError for an address with too many.
    """
    opening, now = await _next(office, desk), desk.now()
    if opening.phase(now) == "none":
        raise RoomClosedError(opening.opens_at)
    async with desk.database.transaction() as session:
        kept = None if token is None else await _kept(session, token, opening, desk)
        ticket = kept or await _new(session, opening, client_mac(desk.key, client), desk)
        return await _place(session, ticket, opening, now)


async def place(token: str, desk: Desk) -> Place:
    """Return where a ticket stands; MissingError when it is none."""
    async with desk.database.reading() as session:
        ticket = await _ticket(session, token, desk)
        opening = None if ticket is None else _opening(ticket.office, ticket.day, desk)
        if ticket is None or opening is None:
            raise MissingError
        return await _place(session, ticket, opening, desk.now())


async def gathered(opening: Opening, desk: Desk) -> int:
    """Count everybody who has a ticket."""
    async with desk.database.reading() as session:
        return await releases.count(session, opening.name)


async def may_pass(office: str, day: date, queue_token: str | None, desk: Desk) -> bool:
    """True when a time of that day may be held now: always, but for the minutes of its release. Counts nothing."""
    now = desk.now()
    opening = _opening(office, day, desk)
    if opening is None or now >= opening.closes_at:
        return True
    if now < opening.releases_at or queue_token is None:
        return False
    async with desk.database.reading() as session:
        ticket = await _ticket(session, queue_token, desk)
        if ticket is None or (ticket.office, ticket.day) != (office, day) or ticket.passes >= HOLDS_PER_TICKET:
            return False
        return (await _place(session, ticket, opening, now)).turn.admitted


async def count_pass(session: AsyncSession, office: str, day: date, queue_token: str | None, desk: Desk) -> bool:
    """Count, in the transaction of a hold that `may_pass` let through; False when the ticket has had its share."""
    if not is_queued(desk.master.offices[office], day, desk.now()):
        return True
    ticket_id = None if queue_token is None else tokens.read(desk.key, "queue", queue_token)
    return ticket_id is not None and await releases.note_pass(session, ticket_id, most=HOLDS_PER_TICKET)


async def next_of(office: str, desk: Desk) -> Opening | None:
    """Return the release that goes on or comes; None when the office has none. MissingError without the office.

    A day without public hours (Sunday, holiday) is released too, but nobody need wait for it.
    """
    known = desk.master.offices.get(office)
    if known is None:
        raise MissingError
    if known.release is None:
        return None
    return next_opening(known, desk.now(), is_open=await desk.planner.public_days(office))


async def _next(office: str, desk: Desk) -> Opening:
    opening = await next_of(office, desk)
    if opening is None:
        raise MissingError
    return opening


def _opening(office: str, day: date, desk: Desk) -> Opening | None:
    known = desk.master.offices.get(office)
    return None if known is None else opening_of(known, day)


async def _ticket(session: AsyncSession, token: str, desk: Desk) -> Ticket | None:
    ticket_id = tokens.read(desk.key, "queue", token)
    return None if ticket_id is None else await releases.find(session, ticket_id)


async def _kept(session: AsyncSession, token: str, opening: Opening, desk: Desk) -> Ticket | None:
    """Return the ticket of a token if its turn is to come or goes on; who let it pass may queue again."""
    ticket = await _ticket(session, token, desk)
    if ticket is None or (ticket.office, ticket.day) != (opening.office, opening.day):
        return None
    until = (await _place(session, ticket, opening, desk.now())).turn.admitted_until
    return ticket if until is None or desk.now() < until else None


async def _new(session: AsyncSession, opening: Opening, mac: str, desk: Desk) -> Ticket:
    now, most = desk.now(), desk.settings.holds_per_client
    for number in range(await releases.count_of_client(session, opening.name, mac), most):
        ticket_id = ticket_id_of(desk.key, opening, mac, number)
        key = order_key(opening, desk.key, ticket_id, joined_at=now)
        if await releases.add(session, ticket_id, opening.name, order_key=key, joined_at=now, client_mac=mac):
            return Ticket(ticket_id, opening.office, opening.day, key, now, 0)
    raise LimitError("client", opening.closes_at)


async def _place(session: AsyncSession, ticket: Ticket, opening: Opening, now: datetime) -> Place:
    rank = await releases.rank(session, opening.name, ticket.order_key)
    where = turn(opening, rank, now, joined_at=ticket.joined_at)
    return Place(ticket.ticket_id, opening, opening.phase(now), where)
