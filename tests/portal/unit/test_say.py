"""Dates, times and amounts as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.portal.web.languages import Language
from services.portal.web.say import Say

SUMMER = datetime(2026, 7, 21, 12, 32, tzinfo=UTC)


def say(language: Language, now: datetime = SUMMER) -> Say:
    return Say(language, lambda: now)


@pytest.mark.parametrize(
    ("language", "told"), [("de", "heute, 14:32 Uhr"), ("en", "today, 2:32 pm"), ("plain", "heute, 14:32 Uhr")]
)
def test_an_instant_of_today_is_told_in_local_time(language: Language, told: str) -> None:
    assert say(language).moment(SUMMER) == told


def test_a_moment_after_local_midnight_is_tomorrow() -> None:
    assert say("de").moment(datetime(2026, 7, 21, 22, 5, tzinfo=UTC)) == "morgen, 0:05 Uhr"


def test_a_moment_far_away_names_day_and_month() -> None:
    assert say("de").moment(datetime(2026, 8, 1, 8, 0, tzinfo=UTC)) == "Samstag, 1. August, 10:00 Uhr"


def test_a_moment_of_another_year_names_the_year() -> None:
    assert say("en").moment(datetime(2027, 1, 2, 8, 0, tzinfo=UTC)) == "2 January 2027, 9:00 am"


@pytest.mark.parametrize(("hour", "told"), [(0, "2:30 Uhr"), (1, "2:30 Uhr")])
def test_both_half_past_two_of_the_autumn_night_are_told(hour: int, told: str) -> None:
    assert say("de").clock(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) == told


def test_noon_is_pm_and_midnight_is_am() -> None:
    english = say("en")

    assert (english.hour("12:00"), english.hour("00:15"), english.hour("18:00")) == ("12:00 pm", "12:15 am", "6:00 pm")


def test_money_is_written_as_in_the_language() -> None:
    assert (say("de").euros(Decimal(2)), say("en").euros(Decimal(2))) == ("2,00 €", "€2.00")


def test_a_code_that_nobody_knows_yet_has_words() -> None:
    assert say("de").code("pools.reason", "jellyfish") == "anderer Grund"


def test_the_day_of_today_is_named_so() -> None:
    assert [say("plain").weekday(date(2026, 7, day)) for day in (21, 22)] == ["heute", "Mittwoch"]
