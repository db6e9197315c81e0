"""When an office is open (Öffnungszeiten): series, special days, holidays. Pure rules.

What wins: a closure over everything; then a holiday over series and special openings, but for special openings that a
person has marked as meant for holidays too; special openings and series add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal
from uuid import UUID

from services.appointments.domain.booking import Audience
from services.appointments.domain.masks import runs, span
from services.appointments.domain.ticks import TICK_MINUTES, day_ticks, local_tick

Capacity = Literal["public", "internal"]
"""For everybody, or for staff only (Laufkundschaft, telefonische Buchungen)."""
Shut = Literal["holiday", "closure", "no_hours"]


@dataclass(frozen=True, slots=True)
class Series:
    """Opening hours that come again (Serie)."""

    series_id: UUID
    resources: tuple[str, ...]
    audience: Capacity
    weekdays: tuple[int, ...]
    """0 is Monday."""
    every_weeks: int
    """1: each week; 2: every other, counted from the week (Monday to Sunday) of `first_day`."""
    from_time: time
    to_time: time
    """Midnight: until the end of the day."""
    first_day: date
    last_day: date | None
    note: str = ""

    def is_on(self, day: date) -> bool:
        """Tell whether it takes place on a day, were there no exceptions."""
        if day < self.first_day or (self.last_day is not None and day > self.last_day):
            return False
        weeks = (_monday(day) - _monday(self.first_day)).days // 7
        return day.weekday() in self.weekdays and weeks % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """What differs from the series on some days (Ausnahme): a closure (Schließung) or a special opening."""

    exception_id: UUID
    resources: tuple[str, ...] | None
    """None: all of the office."""
    kind: Literal["closed", "open"]
    audience: Capacity
    """Of a special opening."""
    first_day: date
    last_day: date
    from_time: time | None
    """None: from the begin of each of the days."""
    to_time: time | None
    """None or midnight: until their end."""
    even_on_holidays: bool
    """A special opening that a person means for holidays too."""
    reason: str

    def concerns(self, resource: str, day: date) -> bool:
        """Tell whether it changes a resource on a day."""
        return self.first_day <= day <= self.last_day and (self.resources is None or resource in self.resources)


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """The opening hours of one office as they stand; `dataclasses.replace` makes a draft of other ones."""

    office: str
    version: int
    series: tuple[Series, ...]
    exceptions: tuple[SpecialDays, ...]
    holidays: Mapping[date, str]
    """Holidays of Saxony-Anhalt (gesetzliche Feiertage), by day."""


@dataclass(frozen=True, slots=True)
class OpenMasks:
    """When a resource is open on a day, as masks of the ticks of that local day."""

    public: int
    internal: int
    """Without what is public anyway."""

    def of(self, audience: Audience) -> int:
        """Return what can be booked: by citizens the public capacity, by staff all."""
        return self.public if audience == "public" else self.public | self.internal


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A stretch of opening hours; ticks since 1970."""

    first_tick: int
    end_tick: int
    audience: Capacity


def open_masks(calendar: OfficeCalendar, resource: str, day: date) -> OpenMasks:
    """Return when a resource is open on a local day."""
    masks: dict[Capacity, int] = {"public": 0, "internal": 0}
    is_holiday = calendar.holidays.get(day) is not None
    if not is_holiday:
        for series in calendar.series:
            if resource in series.resources and series.is_on(day):
                masks[series.audience] |= hours(day, series.from_time, series.to_time)
    special = [each for each in calendar.exceptions if each.concerns(resource, day)]
    for each in special:
        if each.kind == "open" and (not is_holiday or each.even_on_holidays):
            masks[each.audience] |= hours(day, each.from_time, each.to_time)
    closed = 0
    for each in special:
        if each.kind == "closed":
            closed |= hours(day, each.from_time, each.to_time, outwards=True)
    public = masks["public"] & ~closed
    return OpenMasks(public, masks["internal"] & ~closed & ~public)


def open_mask(calendar: OfficeCalendar, resource: str, day: date, audience: Audience) -> int:
    """Return when somebody can book a resource on a local day, as a mask."""
    return open_masks(calendar, resource, day).of(audience)


def open_spans(calendar: OfficeCalendar, resource: str, day: date) -> list[OpenSpan]:
    """Return the opening hours of a resource on a day, in order."""
    masks, base = open_masks(calendar, resource, day), day_ticks(day).start
    both: tuple[tuple[Capacity, int], ...] = (("public", masks.public), ("internal", masks.internal))
    found = [OpenSpan(base + first, base + end, audience) for audience, mask in both for first, end in runs(mask)]
    return sorted(found, key=lambda each: each.first_tick)


def why_shut(calendar: OfficeCalendar, resources: frozenset[str], day: date) -> tuple[Shut, str | None]:
    """Say why nothing is open on a day for these resources: a holiday, a closure, or no hours; with its name."""
    closed = [each for each in calendar.exceptions if each.kind == "closed" and each.first_day <= day <= each.last_day]
    name = calendar.holidays.get(day)
    if name is not None:
        return "holiday", name
    for each in closed:
        if any(each.concerns(resource, day) for resource in resources):
            return "closure", each.reason
    return "no_hours", None


def hours(day: date, from_time: time | None, to_time: time | None, *, outwards: bool = False) -> int:
    """Return local hours of a day as a mask; a tick that is not all in it counts only `outwards`, for closures.

    Over a change of the clocks they are as long as the clocks on the wall say: 1 to 4 o'clock is two hours in spring
    and four in autumn.
    """
    ticks = day_ticks(day)
    first = 0 if from_time is None else local_tick(day, from_time) - ticks.start
    end = len(ticks) if to_time is None or to_time == time() else local_tick(day, to_time) - ticks.start
    if from_time is not None and not outwards:
        first += _is_between_ticks(from_time)
    if to_time is not None and outwards:
        end += _is_between_ticks(to_time)
    return span(first, end)


def _is_between_ticks(at: time) -> bool:
    return bool(at.minute % TICK_MINUTES or at.second or at.microsecond)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
