"""The waiting list (Warteliste): who wants which times. The order is that of joining; nobody is passed over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from services.appointments.domain.booking import Item, Person, Wish
from services.appointments.domain.ticks import LOCAL, tick_of

State = Literal["unconfirmed", "waiting", "offered", "taken", "ended", "expired"]
"""unconfirmed: waits for the link in the mail. offered: a time is held for them. taken: they said yes.

ended: by themselves. expired: their last day is over, or the link was not opened in time.
"""
OPEN: tuple[State, ...] = ("waiting", "offered")
LINK_VALID = timedelta(days=1)
"""So long the link in a mail confirms an entry: nothing is held meanwhile."""
_ON_THE_WAY = timedelta(minutes=30)
"""To read a mail, say yes and get there, from the farthest of the villages."""
_FIRST_PAUSE = timedelta(hours=1)
_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which times somebody would take, at any of these offices."""

    offices: tuple[str, ...]
    items: tuple[Item, ...]
    first_day: date
    last_day: date
    from_time: time | None = None
    """Local; visits begin from then on…"""
    to_time: time | None = None
    """…and before then."""

    def wishes(self) -> tuple[Wish, ...]:
        """Return the wish at each office, in their order."""
        return tuple(Wish(office, self.items) for office in self.offices)

    def within(self, starts: Sequence[datetime], *, before: datetime | None) -> Sequence[datetime]:
        """Return the part of a list in order that may concern them at all: of thousands it is mostly a few."""
        first, end = _end_of(self.first_day - timedelta(days=1)), _end_of(self.last_day)
        end = end if before is None else min(end, before)
        return starts[bisect_left(starts, first) : bisect_left(starts, end)]

    def covers(self, starts_at: datetime) -> bool:
        """True for a time that they would take."""
        local = starts_at.astimezone(LOCAL)
        if not self.first_day <= local.date() <= self.last_day:
            return False
        at = local.time()
        return (self.from_time is None or self.from_time <= at) and (self.to_time is None or at < self.to_time)


@dataclass(frozen=True, slots=True)
class Joining:
    """Who wants which times; the same `waiting_id` again is the same entry."""

    waiting_id: UUID
    wanted: Wanted
    person: Person
    booking_id: UUID | None
    """The appointment that they have and would give up."""
    client: str | None
    """Network address, for the limit; only a keyed hash of it is kept. None: not limited."""
    proof: str | None = None
    """Their proof of work; without a good one only the link in a mail makes the entry count."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on the list."""

    place: int
    waiting_id: UUID
    state: State
    wanted: Wanted
    person: Person | None
    """None once it is forgotten who it was."""
    booking_id: UUID | None
    """The appointment that they would give up."""
    offer_id: UUID | None
    """The booking that is held for them."""
    offers: int
    refused: tuple[int, ...]
    """Ticks that they let pass: not offered again."""
    joined_at: datetime
    unanswered: int = 0
    """Offers in a row that nobody has answered."""

    @property
    def confirm_until(self) -> datetime:
        """So long the link in the mail makes the entry count."""
        return min(self.joined_at + LINK_VALID, _end_of(self.wanted.last_day))

    def would_take(self, starts_at: datetime, *, before: datetime | None) -> bool:
        """True for a time to offer; `before` is the appointment that they have: a later one is no help."""
        if before is not None and starts_at >= before:
            return False
        return tick_of(starts_at) not in self.refused and self.wanted.covers(starts_at)

    def passed_on(self, first_tick: int) -> tuple[int, ...]:
        """Return what not to offer again after another time was not taken."""
        return (*(tick for tick in self.refused if tick != first_tick), first_tick)


def earliest_offer(now: datetime, *, to_answer: timedelta, notice: timedelta) -> datetime:
    """Return the first beginning that is worth a mail.

    There are all the minutes to answer that people are promised. What they say yes to is then as far away as what one
    can book on the web (`notice`), and never so near that they cannot get there: so no offer outlives its time.
    """
    return now + to_answer + max(notice, _ON_THE_WAY)


def pause_after(unanswered: int) -> timedelta:
    """Return how long nothing is offered to somebody who did not answer so often in a row.

    Whoever missed one is the first for the next. Whoever sleeps does not get forty mails, each of which keeps a time
    from others.
    """
    if unanswered <= 1:
        return timedelta()
    return min(_FIRST_PAUSE * 2 ** min(unanswered - 2, 10), _LONGEST_PAUSE)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LOCAL).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Chance:
    """A time that is free at an office; the earliest comes first, then the office that was named first."""

    starts_at: datetime
    preference: int
    office: str


def chances(entry: Entry, free: Iterable[Chance], *, before: datetime | None) -> list[Chance]:
    """Return what to offer to somebody, the earliest first."""
    return sorted(each for each in free if entry.would_take(each.starts_at, before=before))
