"""Whose turn it is (Aufruf): a counter calls the next, and says what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.queue import Settled, settle_booking
from services.appointments.desk import Desk
from services.appointments.domain.master_data import Resource
from services.appointments.domain.queue import AT_A_COUNTER, State, Ticket, counters_for, queued
from services.appointments.domain.refusal import MissingError, StaleError
from services.appointments.queries_queue import local_day
from services.appointments.storage import queue
from services.appointments.storage.conflicts import retried

Action = Literal["call", "recall", "serve", "park", "miss", "done", "back"]
_TRIES = 5


@dataclass(frozen=True, slots=True)
class _Change:
    """One button: from which states to which; `here` only at the counter that has called."""

    states: tuple[State, ...]
    to: State
    here: bool
    settled: Settled | None = None


_CHANGES: dict[Action, _Change] = {
    "call": _Change(("waiting", "parked"), "called", here=False),
    "recall": _Change(("called",), "called", here=True),
    "serve": _Change(("called",), "serving", here=True),
    "park": _Change(AT_A_COUNTER, "parked", here=True),
    "miss": _Change(("called", "parked"), "missed", here=False, settled="missed"),
    "done": _Change(AT_A_COUNTER, "done", here=True, settled="done"),
    "back": _Change((*AT_A_COUNTER, "parked", "done", "missed"), "waiting", here=False, settled="arrived"),
}


async def call_next(resource: str, desk: Desk) -> Ticket | None:
    """Call whose turn it is of those whom this counter can help; None when nobody waits for it.

    A counter that has somebody gets the same person again: a second tap calls nobody else.
    """
    counter = _counter(resource, desk)
    for _ in range(_TRIES):
        try:
            async with desk.database.transaction() as session:
                return await _called(session, counter, desk)
        except IntegrityError:
            # The same counter has called somebody at the same instant: the next look finds whom.
            continue
    raise StaleError


async def _called(session: AsyncSession, counter: Resource, desk: Desk) -> Ticket | None:
    now = desk.now()
    tickets = await queue.of_day(session, counter.office, local_day(now))
    for each in tickets:
        if each.resource == counter.code and each.state in AT_A_COUNTER:
            return each
    for each in queued(tickets, now):
        if counter.code in counters_for(desk.master, counter.office, each.items):
            calling = _values("call", counter.code, each, now)
            if await queue.change(session, each.ticket_id, states=("waiting",), **calling):
                return await queue.find(session, each.ticket_id)
    return None


async def act(resource: str, ticket_id: UUID, action: Action, desk: Desk, *, by: str) -> Ticket:
    """Do what a clerk has tapped; what has been done already stays done. StaleError when somebody was faster."""
    counter, change = _counter(resource, desk), _CHANGES[action]

    async def work(session: AsyncSession) -> Ticket:
        before = await queue.find(session, ticket_id)
        if before is None or before.office != counter.office or before.day != local_day(desk.now()):
            raise MissingError
        if before.state == change.to and action != "recall" and before.resource in (counter.code, None):
            return before
        values = _values(action, counter.code, before, desk.now())
        at = counter.code if change.here else None
        if not await queue.change(session, ticket_id, states=change.states, at=at, **values):
            raise StaleError
        if change.settled is not None:
            await settle_booking(session, desk, before.booking_id, change.settled, by=by)
        return await queue.find(session, ticket_id) or before

    try:
        return await retried(desk.database, work)
    except IntegrityError:
        raise StaleError from None


def _counter(resource: str, desk: Desk) -> Resource:
    found = desk.master.resources.get(resource)
    if found is None or found.kind == "room":
        raise MissingError
    return found


def _values(action: Action, resource: str, before: Ticket, now: datetime) -> dict[str, Any]:
    """Return what becomes of a ticket."""
    values: dict[str, Any] = {"state": _CHANGES[action].to}
    match action:
        case "call" | "recall":
            values |= {"resource": resource, "called_at": now, "calls": before.calls + 1, "ended_at": None}
        case "park":
            values |= {"resource": None}
        case "miss" | "done":
            values |= {"ended_at": now}
        case "back":
            values |= {"resource": None, "called_at": None, "calls": 0, "ended_at": None}
        case "serve":
            pass
    return values
