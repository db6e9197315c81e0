"""How long people wait (Wartezeit): the waiting hall as it is now, played on as if all went on like this. Pure.

An estimate for people who wonder whether there is time for a coffee: it is rounded, and nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.appointments.domain.booking import Item
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.queue import AT_A_COUNTER, DUE, Ticket, counters_for, queued

_LATELY = timedelta(minutes=60)
_FEW = 3
"""Fewer visits say nothing about the pace of a day."""
_SLOWEST, _FASTEST = 2.0, 0.5
_STEP, _LONG, _LONG_STEP = 5, 60, 15


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody with an appointment who has not checked in yet."""

    due_at: datetime
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Hall:
    """One office at one instant."""

    master: MasterData
    office: str
    now: datetime
    tickets: tuple[Ticket, ...]
    """All of the day."""
    awaited: tuple[Awaited, ...]
    open_until: Mapping[str, datetime]
    """By the opening hours: the counters that are open now, and until when."""

    @property
    def queue(self) -> list[Ticket]:
        """Return those who wait, the next first."""
        return queued(self.tickets, self.now)

    def ahead_of(self, ticket: Ticket) -> list[Ticket]:
        """Return who is called before a ticket."""
        mine = ticket.turn(self.now)
        return [each for each in self.queue if each.turn(self.now) < mine]

    def minutes(self, items: Sequence[Item], ahead: Sequence[Ticket], due_at: datetime | None = None) -> float | None:
        """Return after how many minutes people ahead are through; None when nobody does these things now.

        Appointments to come go first when it is their time, but for those after one's own (`due_at`).
        """
        play = _Play(self.master, self.office, pace(self.master, self.tickets), self._free_in(items))
        coming = sorted(
            (each for each in self.awaited if play.able(each.items) and (due_at is None or each.due_at < due_at)),
            key=lambda each: each.due_at,
        )
        for wanted in [*(each.items for each in ahead), items]:
            while coming and self._in_minutes(coming[0].due_at - DUE) <= (play.begins(wanted) or 0.0):
                play.serve(coming.pop(0).items)
            if wanted is not items:
                play.serve(wanted)
        return play.begins(items)

    def is_offered(self, items: Sequence[Item]) -> bool:
        """Say whether somebody who comes now is served before the counters close."""
        able = counters_for(self.master, self.office, items) & self.open_until.keys()
        minutes = self.minutes(items, self.queue)
        if minutes is None or not able:
            return False
        return self.now + timedelta(minutes=minutes) < max(self.open_until[code] for code in able)

    def _free_in(self, items: Sequence[Item]) -> dict[str, float]:
        """Return for each counter in how many minutes it has finished with whoever is there."""
        counters = self._in_use()
        if not counters & counters_for(self.master, self.office, items):
            counters |= self.open_until.keys()
        free = dict.fromkeys(sorted(counters), 0.0)
        speed = pace(self.master, self.tickets)
        for each in self.tickets:
            if each.resource in free and each.state in AT_A_COUNTER and each.called_at is not None:
                takes = planned_minutes(self.master, each.items) * speed
                free[each.resource] = max(takes + self._in_minutes(each.called_at), 1.0)
        return free

    def _in_use(self) -> frozenset[str]:
        """Return the counters that call people now or did within the last hour."""
        return frozenset(
            each.resource
            for each in self.tickets
            if each.resource is not None and each.called_at is not None and self.now - each.called_at < _LATELY
        )

    def _in_minutes(self, at: datetime) -> float:
        return (at - self.now).total_seconds() / 60


@dataclass(slots=True)
class _Play:
    """The counters, and in how many minutes each is free."""

    master: MasterData
    office: str
    speed: float
    free: dict[str, float]

    def able(self, items: Sequence[Item]) -> frozenset[str]:
        return counters_for(self.master, self.office, items) & self.free.keys()

    def begins(self, items: Sequence[Item]) -> float | None:
        return min((self.free[code] for code in self.able(items)), default=None)

    def serve(self, items: Sequence[Item]) -> None:
        """Give somebody to the counter that is free first."""
        able = self.able(items)
        if able:
            first = min(able, key=lambda code: (self.free[code], code))
            self.free[first] += planned_minutes(self.master, items) * self.speed


def planned_minutes(master: MasterData, items: Sequence[Item]) -> float:
    """Return how long a visit takes by the master data."""
    known = ((master.services[each.service].minutes, each.count) for each in items if each.service in master.services)
    return float(sum(minutes * count for minutes, count in known))


def pace(master: MasterData, tickets: Iterable[Ticket]) -> float:
    """Return how long visits take today, measured by what was planned for them: 1.2 is a fifth longer."""
    done = [
        (planned_minutes(master, each.items), (each.ended_at - each.called_at).total_seconds() / 60)
        for each in tickets
        if each.state == "done" and each.called_at is not None and each.ended_at is not None
    ]
    planned = sum(minutes for minutes, _ in done)
    if len(done) < _FEW or planned <= 0:
        return 1.0
    return min(max(sum(minutes for _, minutes in done) / planned, _FASTEST), _SLOWEST)


def rounded(minutes: float | None) -> int | None:
    """Return an estimate without false precision: up to the next five minutes, beyond an hour the next quarter."""
    if minutes is None:
        return None
    step = _STEP if minutes <= _LONG else _LONG_STEP
    return -int(-minutes // step) * step
