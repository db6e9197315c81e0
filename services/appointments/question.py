"""One question to the calendar, worked out on opening hours and a picture of what is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.appointments.domain.booking import Allocation, Audience
from services.appointments.domain.calendar import why_shut
from services.appointments.domain.masks import span
from services.appointments.domain.offer import offered, thinned
from services.appointments.domain.picture import Cell, day_of, pieces, ticks_of_day
from services.appointments.domain.ticks import instant_of
from services.appointments.domain.visit import Visit
from services.appointments.domain.window import Window
from services.appointments.opening import Opening

Cells = Mapping[str, Cell]
"""What is taken on one day, by resource."""


@dataclass(frozen=True, slots=True)
class DayFree:
    """One local day of an office for one wish."""

    day: date
    starts: tuple[datetime, ...]
    """Free beginnings, in order."""
    closed: Literal["holiday", "closure", "no_hours", "not_yet", "over"] | None
    """Why there is nothing, when nobody could book anything that day."""
    closed_name: str | None
    """Name of the holiday, reason of the closure."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for what, and when."""

    visit: Visit
    window: Window
    opening: Opening
    audience: Audience
    now: datetime
    over_quarantine: bool
    besides: Allocation | None

    @property
    def first_day(self) -> date:
        """The first on which something can begin."""
        return day_of(self.window.first_tick)

    def day(self, day: date, cells: Cells) -> DayFree:
        """Return the free beginnings of a day."""
        if day > self.window.last_day:
            return DayFree(day, (), "not_yet", None)
        if day < self.first_day:
            return DayFree(day, (), "over", None)
        starts = offered(self.visit, self._free(day, cells))
        found = thinned(starts, ticks_of_day(day).start, first_tick=self.window.first_tick)
        if found:
            return DayFree(day, tuple(map(instant_of, found)), None, None)
        return self._nothing(day)

    def ways(self, tick: int, cells: Cells) -> list[tuple[str, ...]]:
        """Return the ways in which it can begin at a tick, the best first; none when none is open all the time."""
        day = day_of(tick)
        first = tick - ticks_of_day(day).start
        wanted = span(first, first + self.visit.ticks)
        opened = zip(self.visit.ways, self.opening.ways(self.visit, day, self.audience), strict=True)
        found = [way for way, mask in opened if wanted & ~mask == 0]
        blocked, public = self._blocked(day, cells), self.opening

        def rank(way: tuple[str, ...]) -> tuple[bool, bool, int]:
            taken = [blocked.get(each, 0) for each in way]
            costs_public = self.audience == "staff" and any(wanted & public.of(each, day, "public") for each in way)
            return any(mask & wanted for mask in taken), costs_public, sum(mask.bit_count() for mask in taken)

        return sorted(found, key=rank)

    def _free(self, day: date, cells: Cells) -> list[int]:
        blocked = self._blocked(day, cells)
        found: list[int] = []
        for way, mask in zip(self.visit.ways, self.opening.ways(self.visit, day, self.audience), strict=True):
            taken = 0
            for resource in way:
                taken |= blocked.get(resource, 0)
            found.append(mask & ~taken)
        return found

    def _blocked(self, day: date, cells: Cells) -> dict[str, int]:
        now, over_quarantine = self.now, self.over_quarantine
        found = {code: cell.blocked(now, over_quarantine=over_quarantine) for code, cell in cells.items()}
        if self.besides is not None and self.besides.office == self.visit.office:
            ticks = self.besides.claimed
            own = dict(pieces(ticks.start, ticks.stop)).get(day, 0)
            for resource in self.besides.resources:
                found[resource] = found.get(resource, 0) & ~own
        return found

    def _nothing(self, day: date) -> DayFree:
        possible = self.opening.possible(self.visit, day, self.audience)
        if not possible:
            return DayFree(day, (), *why_shut(self.opening.calendar, self.visit.resources, day))
        later = possible >> max(0, self.window.first_tick - ticks_of_day(day).start)
        return DayFree(day, (), None if later else "over", None)
