"""Days on which offices open: tests run on any day of the year."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count, islice

import holidays

_HOLIDAYS = holidays.country_holidays("DE", subdiv="ST")


def workday(first: date) -> date:
    """Return a day or the first after it that is no holiday (Feiertag) of Saxony-Anhalt."""
    return next(day for each in count() if (day := first + timedelta(days=each)) not in _HOLIDAYS)


def weekdays(first: date, weekday: int, number: int) -> list[date]:
    """Return so many of a weekday (0 is Monday) from a day on that are no holidays."""
    start = first + timedelta(days=(weekday - first.weekday()) % 7)
    days = (start + timedelta(days=7 * each) for each in count())
    return list(islice((day for day in days if day not in _HOLIDAYS), number))
