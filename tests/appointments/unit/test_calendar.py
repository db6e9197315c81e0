"""Opening hours: which of series, special openings, holidays and closures wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from services.appointments.domain.calendar import OpenSpan, open_mask, open_spans, why_shut
from services.appointments.domain.ticks import local_tick
from tests.appointments.openings import TUESDAY, a_calendar, a_series, mask_of, special

HOLIDAYS = {TUESDAY: "Feiertag"}
ALL = frozenset({"one"})


def test_a_series_opens_its_resources_on_its_weekdays_between_its_first_and_last_day() -> None:
    series = a_series("one", weekdays=(1,), first_day=TUESDAY, last_day=TUESDAY + timedelta(days=7))

    calendar = a_calendar(series)

    days = [TUESDAY + timedelta(days=each) for each in range(-7, 15)]
    assert [each for each in days if open_mask(calendar, "one", each, "public")] == [
        TUESDAY,
        TUESDAY + timedelta(days=7),
    ]
    assert open_mask(calendar, "one", TUESDAY, "public") == mask_of(TUESDAY, (9, 12))
    assert open_mask(calendar, "two", TUESDAY, "public") == 0


def test_every_other_week_goes_on_through_a_year_of_53_weeks() -> None:
    first = date(2026, 11, 25)
    series = a_series("one", weekdays=(2,), every_weeks=2, first_day=first)

    days = [first + timedelta(days=each) for each in range(120)]
    found = [each for each in days if series.is_on(each)]

    assert date(2026, 12, 31).isocalendar().week == 53
    assert found == [first + timedelta(days=14 * each) for each in range(9)]


def test_the_week_of_the_first_day_counts_as_a_whole_even_when_that_day_is_late_in_it() -> None:
    friday, next_wednesday = date(2026, 11, 27), date(2026, 12, 2)

    series = a_series("one", weekdays=(2,), every_weeks=2, first_day=friday)

    assert not series.is_on(next_wednesday)
    assert series.is_on(next_wednesday + timedelta(days=7))


@pytest.mark.parametrize("audience", ["public", "staff"])
def test_no_series_overrides_a_holiday(audience: str) -> None:
    calendar = a_calendar(a_series("one"), a_series("one", audience="internal"), holidays=HOLIDAYS)

    assert open_mask(calendar, "one", TUESDAY, "staff" if audience == "staff" else "public") == 0
    assert why_shut(calendar, ALL, TUESDAY) == ("holiday", "Feiertag")


def test_a_special_opening_beats_a_holiday_only_when_a_person_has_said_so() -> None:
    opening = special("open", from_time=time(10), to_time=time(11))

    without = a_calendar(opening, holidays=HOLIDAYS)
    meant = a_calendar(a_series("one"), replace(opening, even_on_holidays=True), holidays=HOLIDAYS)

    assert open_mask(without, "one", TUESDAY, "public") == 0
    assert open_mask(meant, "one", TUESDAY, "public") == mask_of(TUESDAY, (10, 11))


def test_a_closure_beats_a_special_opening_even_one_meant_for_holidays() -> None:
    opening = special("open", from_time=time(10), to_time=time(14), even_on_holidays=True)
    closure = special("closed", from_time=time(11), to_time=time(12), reason="Wasserschaden")

    calendar = a_calendar(a_series("one"), opening, closure, holidays=HOLIDAYS)

    assert open_mask(calendar, "one", TUESDAY, "staff") == mask_of(TUESDAY, (10, 11), (12, 14))


def test_a_closure_of_one_counter_leaves_the_others_open() -> None:
    closure = special("closed", resources=("one",), reason="Fortbildung")

    calendar = a_calendar(a_series("one", "two"), closure)

    assert open_mask(calendar, "one", TUESDAY, "public") == 0
    assert open_mask(calendar, "two", TUESDAY, "public") == mask_of(TUESDAY, (9, 12))
    assert why_shut(calendar, ALL, TUESDAY) == ("closure", "Fortbildung")
    assert why_shut(calendar, frozenset({"two"}), TUESDAY) == ("no_hours", None)


def test_a_special_opening_adds_to_the_series() -> None:
    calendar = a_calendar(a_series("one"), special("open", from_time=time(14), to_time=time(16)))

    assert open_mask(calendar, "one", TUESDAY, "public") == mask_of(TUESDAY, (9, 12), (14, 16))


def test_the_public_sees_public_capacity_and_staff_see_all() -> None:
    internal = a_series("one", audience="internal", from_time=time(8), to_time=time(10))

    calendar = a_calendar(a_series("one"), internal)

    base = local_tick(TUESDAY, time())
    assert open_mask(calendar, "one", TUESDAY, "public") == mask_of(TUESDAY, (9, 12))
    assert open_mask(calendar, "one", TUESDAY, "staff") == mask_of(TUESDAY, (8, 12))
    assert open_spans(calendar, "one", TUESDAY) == [
        OpenSpan(base + 8 * 12, base + 9 * 12, "internal"),
        OpenSpan(base + 9 * 12, base + 12 * 12, "public"),
    ]


def test_hours_that_are_no_multiple_of_five_minutes_never_open_too_early_or_close_too_late() -> None:
    opened = a_series("one", from_time=time(9, 2), to_time=time(12, 3))
    closure = special("closed", from_time=time(10, 2), to_time=time(10, 3))

    calendar = a_calendar(opened, closure)

    nine, noon = 9 * 12 + 1, 12 * 12
    assert open_mask(calendar, "one", TUESDAY, "public") == sum(
        1 << each for each in range(nine, noon) if each != 10 * 12
    )


@pytest.mark.parametrize(("day", "ticks", "hours"), [(date(2026, 3, 29), 276, 2), (date(2026, 10, 25), 300, 4)])
def test_hours_over_a_change_of_the_clocks_are_as_long_as_the_clocks_on_the_wall_say(
    day: date, ticks: int, hours: int
) -> None:
    over = a_series("one", weekdays=(6,), from_time=time(1), to_time=time(4))
    whole = a_series("two", weekdays=(6,), from_time=time(), to_time=time())

    calendar = a_calendar(over, whole)

    assert open_mask(calendar, "two", day, "public") == (1 << ticks) - 1
    assert open_mask(calendar, "one", day, "public").bit_count() == 12 * hours
    assert open_spans(calendar, "one", day) == [OpenSpan(local_tick(day, time(1)), local_tick(day, time(4)), "public")]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_office_hours_on_the_day_of_a_change_begin_at_nine_on_the_clock(day: date) -> None:
    calendar = a_calendar(a_series("one", weekdays=(6,)))

    [opened] = open_spans(calendar, "one", day)

    assert opened == OpenSpan(local_tick(day, time(9)), local_tick(day, time(12)), "public")
    assert opened.end_tick - opened.first_tick == 36


def test_hours_that_the_clocks_skip_do_not_open() -> None:
    skipped = a_series("one", weekdays=(6,), from_time=time(2), to_time=time(3))

    calendar = a_calendar(skipped)

    assert open_mask(calendar, "one", date(2026, 3, 29), "public") == 0
    assert open_mask(calendar, "one", date(2026, 10, 25), "public").bit_count() == 24
