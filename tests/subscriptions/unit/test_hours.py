"""When a pool is open by its regular hours, on every kind of day and over both clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.subscriptions.domain.hours import Now, day_of, in_season, is_watched, now_at, week_of
from services.subscriptions.domain.master_data import Break, Calendar, OpeningTimes, PoolData, Season, Span

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAY: Span = (time(13), time(18))
WEEKEND: Span = (time(11), time(18))
DAILY: Span = (time(11), time(20))
FREIBAD = PoolData(
    pool="freibad",
    name="Freibad",
    season=Season((5, 15), (9, 15)),
    hours=OpeningTimes(WEEKDAY, WEEKEND, DAILY),
)
HALLENBAD = PoolData(pool="hallenbad", name="Hallenbad", hours=OpeningTimes((time(1), time(23)), (time(1), time(23))))
CALENDAR = Calendar(
    public={date(2026, 5, 25): "Pfingstmontag", date(2026, 10, 31): "Reformationstag"},
    school=(Break("Sommerferien", date(2026, 7, 4), date(2026, 8, 14)),),
)


def local(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "span", "holiday"),
    [
        (date(2026, 6, 12), WEEKDAY, None),
        (date(2026, 6, 13), WEEKEND, None),
        (date(2026, 5, 25), WEEKEND, "Pfingstmontag"),
        (date(2026, 7, 3), WEEKDAY, None),
        (date(2026, 7, 4), DAILY, "Sommerferien"),
        (date(2026, 8, 14), DAILY, "Sommerferien"),
        (date(2026, 8, 15), WEEKEND, None),
        (date(2026, 5, 14), None, None),
        (date(2026, 9, 16), None, None),
        (date(2026, 10, 31), None, "Reformationstag"),
    ],
)
def test_each_kind_of_day_has_its_hours(day: date, span: Span | None, holiday: str | None) -> None:
    shown = day_of(FREIBAD, CALENDAR, day)

    assert (shown.span, shown.holiday) == (span, holiday)


def test_without_hours_of_their_own_school_holidays_are_like_other_days() -> None:
    pool = replace(FREIBAD, hours=OpeningTimes(WEEKDAY, WEEKEND))

    assert day_of(pool, CALENDAR, date(2026, 7, 8)).span == WEEKDAY
    assert day_of(pool, CALENDAR, date(2026, 7, 11)).span == WEEKEND


def test_a_week_begins_with_the_local_day() -> None:
    late_utc = datetime(2026, 7, 2, 22, 30, tzinfo=UTC)

    week = week_of(FREIBAD, CALENDAR, late_utc)

    assert [each.day.day for each in week] == [3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2026-06-12", "12:59:59", Now(False, "outside_hours", opens_at=local("2026-06-12", "13:00"))),
        ("2026-06-12", "13:00", Now(True, "open", closes_at=local("2026-06-12", "18:00"))),
        ("2026-06-12", "17:59:59", Now(True, "open", closes_at=local("2026-06-12", "18:00"))),
        ("2026-06-12", "18:00", Now(False, "outside_hours", opens_at=local("2026-06-13", "11:00"))),
        ("2026-09-15", "20:00", Now(False, "outside_hours", opens_at=local("2027-05-15", "11:00"))),
        ("2026-11-22", "12:00", Now(False, "out_of_season", opens_at=local("2027-05-15", "11:00"))),
    ],
)
def test_now_follows_the_hours(day: str, clock: str, expected: Now) -> None:
    assert now_at(FREIBAD, CALENDAR, local(day, clock), closed=False) == expected


@pytest.mark.parametrize(
    ("until", "opens_at"),
    [
        (None, None),
        (local("2026-06-12", "13:30"), None),
        (local("2026-06-12", "16:00"), local("2026-06-12", "16:00")),
        (local("2026-06-12", "20:00"), local("2026-06-13", "11:00")),
    ],
    ids=["unknown", "over", "today", "after closing time"],
)
def test_a_closed_pool_opens_when_closure_and_hours_allow_it(until: datetime | None, opens_at: datetime | None) -> None:
    now = now_at(FREIBAD, CALENDAR, local("2026-06-12", "14:00"), closed=True, until=until)

    assert now == Now(False, "closed_incident", opens_at=opens_at)


def test_a_pool_without_known_hours_is_open_unless_it_was_closed() -> None:
    unknown, at = PoolData(pool="bad", name="bad"), local("2026-06-12", "03:00")

    assert now_at(unknown, CALENDAR, at, closed=False) == Now(True, "open")
    assert now_at(unknown, CALENDAR, at, closed=True) == Now(False, "closed_incident")
    assert day_of(unknown, CALENDAR, date(2026, 6, 12)).span is None


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 21), ("2026-10-25", 23), ("2026-06-12", 22)])
def test_a_day_on_which_the_clock_changes_is_an_hour_shorter_or_longer(day: str, hours: int) -> None:
    opens = now_at(HALLENBAD, CALENDAR, local(day, "00:30"), closed=False).opens_at
    closes = now_at(HALLENBAD, CALENDAR, local(day, "12:00"), closed=False).closes_at

    assert opens is not None
    assert closes is not None
    assert closes - opens == timedelta(hours=hours)


def test_an_opening_in_the_hour_that_is_left_out_is_not_lost() -> None:
    early = replace(HALLENBAD, hours=OpeningTimes((time(2, 30), time(23)), (time(2, 30), time(23))))

    now = now_at(early, CALENDAR, local("2026-03-29", "01:59"), closed=False)

    assert now.opens_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_season_may_go_over_the_turn_of_the_year() -> None:
    winter = Season((10, 1), (3, 31))

    assert [in_season(winter, date(2026, month, 15)) for month in (1, 3, 4, 9, 10, 12)] == [
        *(True, True, False),
        *(False, True, True),
    ]


@pytest.mark.parametrize(
    ("day", "clock", "watched"),
    [
        ("2026-06-12", "10:59", False),
        ("2026-06-12", "11:00", True),
        ("2026-06-12", "17:59", True),
        ("2026-06-12", "18:00", False),
        ("2026-11-22", "14:00", False),
    ],
)
def test_the_weather_matters_from_two_hours_before_the_opening(day: str, clock: str, watched: bool) -> None:
    assert is_watched(FREIBAD, CALENDAR, local(day, clock)) is watched
