"""What a change of opening hours does before it is saved: day by day, and to the bookings that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.appointments.domain.booking import Allocation
from services.appointments.domain.calendar import OfficeCalendar, open_mask, open_masks
from services.appointments.domain.masks import span
from services.appointments.domain.ticks import TICK_MINUTES, day_ticks, local_day

DAYS = 60
"""So far a preview looks ahead; bookings are looked at however far away they are."""
FARTHEST = 7 * DAYS
"""So far ahead the first change is looked for: longer than anybody can book."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long a day is open, added up over all resources."""

    public: int
    internal: int

    @property
    def total(self) -> int:
        """Return both."""
        return self.public + self.internal


@dataclass(frozen=True, slots=True)
class DayEffect:
    """One day before and after."""

    day: date
    before: Minutes
    after: Minutes
    shifted: bool = False
    """As long as before, but at other times or elsewhere."""
    is_holiday: bool = False

    @property
    def is_changed(self) -> bool:
        """Tell whether the day is not as it was."""
        return self.shifted or self.before != self.after


def day_effects(
    before: OfficeCalendar, after: OfficeCalendar, resources: Sequence[str], first: date
) -> list[DayEffect]:
    """Return every day of the preview, changed or not: the next ones, or later ones when nothing changes until then."""
    found: list[DayEffect] = []
    for begins in range(0, FARTHEST, DAYS):
        days = (first + timedelta(days=begins + number) for number in range(DAYS))
        found = [_day(before, after, resources, day) for day in days]
        if any(each.is_changed for each in found):
            break
    return found


class OpenTimes:
    """When which resource is open, for citizens or for staff only; each day is worked out once."""

    def __init__(self, calendar: OfficeCalendar) -> None:
        """Work out nothing yet."""
        self._calendar = calendar
        self._masks: dict[tuple[str, date], int] = {}

    def hold(self, visit: Allocation) -> bool:
        """Tell whether all of a visit lies in the time that its resources are open."""
        day = local_day(visit.first_tick)
        first = visit.first_tick - day_ticks(day).start
        wanted = span(first, first + visit.visit_ticks)
        return all(not wanted & ~self._mask(each, day) for each in visit.resources)

    def _mask(self, resource: str, day: date) -> int:
        found = self._masks.get((resource, day))
        if found is None:
            found = self._masks[resource, day] = open_mask(self._calendar, resource, day, "staff")
        return found


def _day(before: OfficeCalendar, after: OfficeCalendar, resources: Sequence[str], day: date) -> DayEffect:
    masks = [[open_masks(calendar, each, day) for each in resources] for calendar in (before, after)]
    was, becomes = (
        Minutes(
            sum(each.public.bit_count() for each in found) * TICK_MINUTES,
            sum(each.internal.bit_count() for each in found) * TICK_MINUTES,
        )
        for found in masks
    )
    shifted = was == becomes and masks[0] != masks[1]
    return DayEffect(day, was, becomes, shifted, is_holiday=after.holidays.get(day) is not None)
