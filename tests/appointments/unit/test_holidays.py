"""Holidays of Saxony-Anhalt over eleven years, against a computation of our own (§ 2 FeiertG LSA)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.appointments.storage.calendars import state_holidays

FIXED = [(1, 1), (1, 6), (5, 1), (10, 3), (10, 31), (12, 25), (12, 26)]
"""Neujahr, Heilige Drei Könige, Tag der Arbeit, Tag der Deutschen Einheit, Reformationstag, Weihnachten."""
FROM_EASTER = [-2, 1, 39, 50]
"""Karfreitag, Ostermontag, Christi Himmelfahrt, Pfingstmontag."""


def easter(year: int) -> date:
    """Easter Sunday by Meeus (Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month, day = (h - m + r + 90) // 25, 0
    day = (h - m + r + month + 19) % 32
    return date(year, month, day)


@pytest.mark.parametrize("year", range(2025, 2036))
def test_every_holiday_is_known_and_no_other_day_is_one(year: int) -> None:
    wanted = {date(year, month, day) for month, day in FIXED}
    wanted |= {easter(year) + timedelta(days=each) for each in FROM_EASTER}

    days = [date(year, 1, 1) + timedelta(days=each) for each in range(366)]
    found = {each for each in days if each.year == year and state_holidays().get(each) is not None}

    assert found == wanted


def test_easter_is_where_the_almanac_has_it() -> None:
    assert [easter(year) for year in (2025, 2026, 2038)] == [date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)]


def test_holidays_have_their_german_names() -> None:
    assert state_holidays().get(date(2026, 4, 3)) == "Karfreitag"
    assert state_holidays().get(date(2026, 10, 31)) == "Reformationstag"
