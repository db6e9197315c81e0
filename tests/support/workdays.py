"""Days on which offices open: tests run on any day of the year."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

import holidays

from chassis.clock import utc_now

_HOLIDAYS = holidays.country_holidays("DE", subdiv="ST")
_LOCAL_TIME = ZoneInfo("Europe/Berlin")


def in_days(number: int) -> date:
    """Return the day so many days from now, as the town counts days: for processes, whose clock is the true one."""
    return utc_now().astimezone(_LOCAL_TIME).date() + timedelta(days=number)


def workday(first: date) -> date:
    """Return a day or the first after it that is no holiday (Feiertag) of Saxony-Anhalt."""
    return next(day for each in count() if (day := first + timedelta(days=each)) not in _HOLIDAYS)


def weekdays(first: date, weekday: int, number: int) -> list[date]:
    """Return so many of a weekday (0 is Monday) from a day on that are no holidays."""
    start = first + timedelta(days=(weekday - first.weekday()) % 7)
    days = (start + timedelta(days=7 * each) for each in count())
    return list(islice((day for day in days if day not in _HOLIDAYS), number))
