"""The queue of those who are there (Wartekreis): whose turn it is, and how long the others wait. Pure.

First come appointments whose time has come, in order of their time; then people without one and whoever came late to
theirs, in order of their arrival; then those who are early. An early one moves up by itself when the time comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from services.appointments.domain.booking import Item
from services.appointments.domain.master_data import MasterData, Office

State = Literal["waiting", "called", "serving", "parked", "done", "missed"]
AT_A_COUNTER: tuple[State, ...] = ("called", "serving")
DUE = timedelta(minutes=5)
"""So long before its start an appointment goes ahead of those without one."""
LATE = timedelta(minutes=15)
"""Who comes later than that to an appointment waits like somebody without."""
EARLIEST = timedelta(minutes=60)
"""So long before the start one can check in."""


class ArrivalError(Exception):
    """Somebody cannot check in, and why: facts for the words that they get."""

    def __init__(
        self, reason: Literal["early", "other_day", "other_office", "over"], office: str, at: datetime
    ) -> None:
        """Keep where and when they are expected."""
        super().__init__(reason)
        self.reason: Literal["early", "other_day", "other_office", "over"] = reason
        self.office = office
        self.at = at


@dataclass(frozen=True, slots=True)
class Ticket:
    """Somebody with a number (Wartenummer)."""

    ticket_id: UUID
    office: str
    day: date
    number: int
    items: tuple[Item, ...]
    booking_id: UUID | None
    state: State
    joined_at: datetime
    due_at: datetime | None
    """The start of the appointment."""
    resource: str | None
    """The counter that has called."""
    called_at: datetime | None
    calls: int
    ended_at: datetime | None

    def turn(self, now: datetime) -> tuple[int, datetime, int]:
        """Return what the queue is sorted by."""
        if self.due_at is None or self.joined_at > self.due_at + LATE:
            return 1, self.joined_at, self.number
        return 0 if self.due_at <= now + DUE else 2, self.due_at, self.number


def shown(office: Office, number: int) -> str:
    """Return a number as people see it: `A012`."""
    return f"{office.ticket_prefix}{number:03}"


def queued(tickets: Iterable[Ticket], now: datetime) -> list[Ticket]:
    """Return those who wait, the next first."""
    return sorted((each for each in tickets if each.state == "waiting"), key=lambda each: each.turn(now))


def counters_for(master: MasterData, office: str, items: Sequence[Item]) -> frozenset[str]:
    """Return the counters of an office that can do all of it; a room calls nobody."""
    able = {each.code for each in master.of_office(office) if each.kind != "room"}
    for item in items:
        service = master.services.get(item.service)
        needs = () if service is None else service.needs.get(office, ())
        able &= {code for need in needs if need.kind != "room" for code in need.any_of}
    return frozenset(able)


def check_arrival(*, office: str, expected_at: str, starts_at: datetime, today: bool, now: datetime) -> None:
    """Let only those check in who are expected here and about now."""
    if not today:
        raise ArrivalError("other_day", expected_at, starts_at)
    if office != expected_at:
        raise ArrivalError("other_office", expected_at, starts_at)
    if now < starts_at - EARLIEST:
        raise ArrivalError("early", expected_at, starts_at)
