"""A day at the counters as a grid: one column for each resource, one row for five minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.portal.gateways.counter import Day, Entry, Held, Open, Resource
from services.portal.web.say import ZONE

_STEP = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_ROWS_OF_HOUR = 12
_MOST_ROWS = 300
"""Of the autumn day with 25 hours; `staff_rows.css` has no more."""
SHOWN = ("booked", "unconfirmed", "arrived", "done", "missed")
"""Bookings that stand in the day; cancelled ones do not."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of time in one column; rows and columns count from 1."""

    column: int
    row: int
    rows: int
    begins: datetime
    ends: datetime
    resource: Resource
    entry: Entry | None = None
    held: Held | None = None
    audience: str = "public"
    is_other: bool = False
    """A further resource of a visit that is told in its first column."""
    needs: int = 0
    """Its rows with what is taken behind it (buffer)."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What stands where."""

    begins: datetime
    rows: int
    hours: tuple[tuple[int, datetime], ...]
    columns: tuple[Resource, ...]
    open: tuple[Block, ...]
    told: tuple[Block, ...]
    """Visits and free stretches in the order of their time."""
    others: tuple[Block, ...]
    now_row: int | None


def grid_of(day: Day, now: datetime) -> Grid | None:
    """Lay out a day; None when nothing is open and nobody comes."""
    visits = [each for each in day.entries if each.state in SHOWN]
    taken = [*visits, *day.held]
    if not taken and not day.open:
        return None
    begins = min([each.begins for each in day.open] + [each.starts_at for each in taken])
    ends = max([each.ends for each in day.open] + [_last_of(each) for each in taken])
    frame = _Frame(_hour_before(begins), _columns(day, taken))
    rows = min(-(-frame.row(ends - _STEP) // _ROWS_OF_HOUR) * _ROWS_OF_HOUR, _MOST_ROWS)
    told = [*frame.visits(visits), *frame.held(day.held), *frame.free(day.open, taken)]
    return Grid(
        begins=frame.begins,
        rows=rows,
        hours=tuple((row + 1, frame.begins + row * _STEP) for row in range(0, rows, _ROWS_OF_HOUR)),
        columns=frame.columns,
        open=tuple(frame.block(each.resource, each.begins, each.ends, audience=each.audience) for each in day.open),
        told=tuple(sorted((each for each in told if not each.is_other), key=lambda each: (each.begins, each.column))),
        others=tuple(each for each in told if each.is_other),
        now_row=frame.row(now) if frame.begins <= now < frame.begins + rows * _STEP else None,
    )


def booked_minutes(day: Day, resource: str) -> int:
    """Return how long a resource is taken that day."""
    taken = [
        each.ends_at - each.starts_at for each in day.entries if each.state in SHOWN and resource in each.resources
    ]
    return sum(taken, timedelta()) // timedelta(minutes=1)


def open_minutes(day: Day, resource: str) -> int:
    """Return how long a resource serves people that day."""
    served = [each.ends - each.begins for each in day.open if each.resource == resource]
    return sum(served, timedelta()) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Frame:
    begins: datetime
    columns: tuple[Resource, ...]

    def row(self, at: datetime) -> int:
        return (at - self.begins) // _STEP + 1

    def block(self, resource: str, begins: datetime, ends: datetime, *, audience: str = "public") -> Block:
        column = next(at for at, each in enumerate(self.columns, start=1) if each.resource == resource)
        rows = max(1, -(-(ends - begins) // _STEP))
        return Block(column, self.row(begins), rows, begins, ends, self.columns[column - 1], audience=audience)

    def visits(self, visits: Sequence[Entry]) -> Iterator[Block]:
        for entry in visits:
            for place, resource in enumerate(entry.resources):
                found = self.block(resource, entry.starts_at, entry.ends_at)
                needs = -(-(_free_at(entry) - entry.starts_at) // _STEP)
                yield replace(found, entry=entry, is_other=place > 0, needs=needs)

    def held(self, holds: Sequence[Held]) -> Iterator[Block]:
        for each in holds:
            for place, resource in enumerate(each.resources):
                found = self.block(resource, each.starts_at, each.free_at)
                yield replace(found, held=each, is_other=place > 0)

    def free(self, hours: Sequence[Open], taken: Sequence[Entry | Held]) -> Iterator[Block]:
        """Yield what is left of the opening hours between what is taken."""
        for each in hours:
            at = each.begins
            for other in sorted((one for one in taken if each.resource in one.resources), key=_start):
                if at < min(other.starts_at, each.ends):
                    yield self.block(each.resource, at, min(other.starts_at, each.ends), audience=each.audience)
                at = max(at, _free_at(other))
            if at < each.ends:
                yield self.block(each.resource, at, each.ends, audience=each.audience)


def _start(taken: Entry | Held) -> datetime:
    return taken.starts_at


def _free_at(taken: Entry | Held) -> datetime:
    return taken.free_at or taken.ends_at if isinstance(taken, Entry) else taken.free_at


def _last_of(taken: Entry | Held) -> datetime:
    """Return where its block ends in the grid."""
    return taken.ends_at if isinstance(taken, Entry) else taken.free_at


def _hour_before(at: datetime) -> datetime:
    local = at.astimezone(ZONE)
    return at - timedelta(minutes=local.minute % 60, seconds=local.second, microseconds=local.microsecond)


def _columns(day: Day, taken: Sequence[Entry | Held]) -> tuple[Resource, ...]:
    """Return the resources; one that has gone meanwhile is still shown when somebody comes to it."""
    known = {each.resource for each in day.resources}
    used = dict.fromkeys([each.resource for each in day.open] + [one for each in taken for one in each.resources])
    return (*day.resources, *(Resource(resource=each, name=each) for each in used if each not in known))
