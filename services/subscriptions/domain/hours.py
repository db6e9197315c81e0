"""When a pool is open by its regular hours (Öffnungszeiten). Pure rules; times are local (Europe/Berlin)."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.subscriptions.domain.master_data import Calendar, MonthDay, PoolData, Season, Span

LOCAL = ZoneInfo("Europe/Berlin")
WATCH_LEAD = timedelta(hours=2)
_SATURDAY = 5
_LOOK_AHEAD_DAYS = 366
_LEAP_DAY = (2, 29)
TextKey = Literal["open", "closed_incident", "outside_hours", "out_of_season"]


@dataclass(frozen=True, slots=True)
class Day:
    """The hours of one day; `span` is None when the pool stays closed or its hours are not known."""

    day: date
    span: Span | None
    holiday: str | None
    """Name of the public holiday or of the school holidays."""


@dataclass(frozen=True, slots=True)
class Now:
    """Whether one can go in at an instant, and when that changes by the regular hours."""

    open: bool
    text_key: TextKey
    opens_at: datetime | None = None
    """When it is closed: the next opening that is known."""
    closes_at: datetime | None = None
    """When it is open: the closing time of the day."""


def day_of(data: PoolData, calendar: Calendar, day: date) -> Day:
    """Return the hours of a day. School holidays go before weekends, public holidays are like weekends."""
    public = calendar.public.get(day)
    school = calendar.school_break(day)
    holiday = public or (school.name if school else None)
    hours = data.hours
    if hours is None or not in_season(data.season, day):
        return Day(day, None, holiday)
    if school is not None and hours.school_holidays is not None:
        return Day(day, hours.school_holidays, holiday)
    free = public is not None or day.weekday() >= _SATURDAY
    return Day(day, hours.weekend if free else hours.weekday, holiday)


def week_of(data: PoolData, calendar: Calendar, at: datetime) -> list[Day]:
    """Return the local day of an instant and the six after it."""
    today = local_day(at)
    return [day_of(data, calendar, today + timedelta(days=number)) for number in range(7)]


def in_season(season: Season | None, day: date) -> bool:
    """Say whether a day belongs to the season."""
    if season is None:
        return True
    this = (day.month, day.day)
    if season.first <= season.last:
        return season.first <= this <= season.last
    return this >= season.first or this <= season.last


def season_of(season: Season, day: date) -> tuple[date, date]:
    """Return first and last day of the season in which a day lies, or else of the one that begins in its year."""
    first, last = season.first, season.last
    goes_over = first > last
    year = day.year - (goes_over and (day.month, day.day) <= last)
    return _day_in(year, first, otherwise=(3, 1)), _day_in(year + goes_over, last, otherwise=(2, 28))


def _day_in(year: int, day: MonthDay, *, otherwise: MonthDay) -> date:
    """Return a day of a year; for 29 February where there is none, the other one."""
    return date(year, *(day if day != _LEAP_DAY or isleap(year) else otherwise))


def now_at(data: PoolData, calendar: Calendar, at: datetime, *, closed: bool, until: datetime | None = None) -> Now:
    """Say whether a pool is open; `closed` and `until` are of a closure outside the regular hours."""
    if closed:
        opens_at = None if until is None or until <= at else _open_from(data, calendar, until)
        return Now(open=False, text_key="closed_incident", opens_at=opens_at)
    if data.hours is None:
        return Now(open=True, text_key="open")
    today = _instants(data, calendar, local_day(at))
    if today is not None and today[0] <= at < today[1]:
        return Now(open=True, text_key="open", closes_at=today[1])
    in_time = in_season(data.season, local_day(at))
    opens_at = _next_opening(data, calendar, at)
    return Now(open=False, text_key="outside_hours" if in_time else "out_of_season", opens_at=opens_at)


def closing_time(data: PoolData, calendar: Calendar, at: datetime) -> datetime | None:
    """Return when the pool closes on the local day of an instant; None when that is over or not known."""
    today = _instants(data, calendar, local_day(at))
    return today[1] if today is not None and today[1] > at else None


def is_watched(data: PoolData, calendar: Calendar, at: datetime) -> bool:
    """Say whether the weather matters: from two hours before the opening until the pool closes."""
    today = _instants(data, calendar, local_day(at))
    return today is not None and today[0] - WATCH_LEAD <= at < today[1]


def local_day(at: datetime) -> date:
    """Return the local day of an instant."""
    return at.astimezone(LOCAL).date()


def instant(day: date, at: time) -> datetime:
    """Return a local time as an instant; of the hour that comes twice in autumn it is the first."""
    return datetime.combine(day, at, tzinfo=LOCAL).astimezone(UTC)


def _instants(data: PoolData, calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    span = day_of(data, calendar, day).span
    return None if span is None else (instant(day, span[0]), instant(day, span[1]))


def _open_from(data: PoolData, calendar: Calendar, until: datetime) -> datetime | None:
    """Return from when one can go in after a closure that ends at `until`."""
    after = now_at(data, calendar, until, closed=False)
    return until if after.open else after.opens_at


def _next_opening(data: PoolData, calendar: Calendar, at: datetime) -> datetime | None:
    today = local_day(at)
    for number in range(_LOOK_AHEAD_DAYS):
        hours = _instants(data, calendar, today + timedelta(days=number))
        if hours is not None and hours[0] > at:
            return hours[0]
    return None
