"""A day at the counters as a grid: one column for each resource, one row for five minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.portal.gateways.counter import Day, Entry, Open, Resource
from services.portal.web.say import ZONE

_STEP = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_ROWS_OF_HOUR = 12
_MOST_ROWS = 300
"""Of the autumn day with 25 hours; `staff_rows.css` has no more."""
SHOWN = ("booked", "unconfirmed", "arrived", "done", "missed")
"""Bookings that stand in the day; holds and cancelled ones do not."""


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
    audience: str = "public"
    is_other: bool = False
    """A further resource of a visit that is told in its first column."""


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
    if not visits and not day.open:
        return None
    begins = min([each.begins for each in day.open] + [each.starts_at for each in visits])
    ends = max([each.ends for each in day.open] + [each.ends_at for each in visits])
    frame = _Frame(_hour_before(begins), _columns(day, visits))
    rows = min(-(-frame.row(ends - _STEP) // _ROWS_OF_HOUR) * _ROWS_OF_HOUR, _MOST_ROWS)
    told = [*frame.visits(visits), *frame.free(day.open, visits)]
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

    def block(
        self, resource: str, begins: datetime, ends: datetime, *, entry: Entry | None = None, audience: str = "public"
    ) -> Block:
        column = next(at for at, each in enumerate(self.columns, start=1) if each.resource == resource)
        rows = max(1, -(-(ends - begins) // _STEP))
        return Block(column, self.row(begins), rows, begins, ends, self.columns[column - 1], entry, audience)

    def visits(self, visits: Sequence[Entry]) -> Iterator[Block]:
        for entry in visits:
            for place, resource in enumerate(entry.resources):
                found = self.block(resource, entry.starts_at, entry.ends_at, entry=entry)
                yield (
                    found
                    if place == 0
                    else Block(
                        found.column,
                        found.row,
                        found.rows,
                        found.begins,
                        found.ends,
                        found.resource,
                        entry,
                        is_other=True,
                    )
                )

    def free(self, hours: Sequence[Open], visits: Sequence[Entry]) -> Iterator[Block]:
        """Yield what is left of the opening hours between the visits."""
        for each in hours:
            at = each.begins
            for visit in sorted((one for one in visits if each.resource in one.resources), key=_start):
                if at < min(visit.starts_at, each.ends):
                    yield self.block(each.resource, at, min(visit.starts_at, each.ends), audience=each.audience)
                at = max(at, visit.ends_at)
            if at < each.ends:
                yield self.block(each.resource, at, each.ends, audience=each.audience)


def _start(entry: Entry) -> datetime:
    return entry.starts_at


def _hour_before(at: datetime) -> datetime:
    local = at.astimezone(ZONE)
    return at - timedelta(minutes=local.minute % 60, seconds=local.second, microseconds=local.microsecond)


def _columns(day: Day, visits: Sequence[Entry]) -> tuple[Resource, ...]:
    """Return the resources; one that has gone meanwhile is still shown when somebody comes to it."""
    known = {each.resource for each in day.resources}
    used = dict.fromkeys([each.resource for each in day.open] + [one for each in visits for one in each.resources])
    return (*day.resources, *(Resource(resource=each, name=each) for each in used if each not in known))
