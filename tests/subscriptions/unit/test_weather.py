"""Which weather asks for a pool to be closed, and that no lie does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.subscriptions.domain.weather import Sight, Warnings, judge, values_of
from tests.subscriptions.sky import BLIND, CELL, NOON, a_pool, a_sight, a_warning, an_observation, minutes


def bad(sight: Sight) -> list[str]:
    return [finding.rule for finding in judge(a_pool(), sight, now=NOON).bad]


def test_a_fair_day_is_clear() -> None:
    verdict = judge(a_pool(), a_sight(), now=NOON)

    assert (verdict.state, verdict.bad) == ("seeing", ())
    assert verdict.clear == {"thunderstorm", "wind", "temperature"}


def test_a_warning_of_thunderstorms_asks_for_closing_in_words() -> None:
    (finding,) = judge(a_pool(), a_sight(a_warning()), now=NOON).bad

    assert finding.rule == "thunderstorm"
    assert finding.evidence["words"] == (
        "Der Deutsche Wetterdienst meldet: „Amtliche WARNUNG vor STARKEM GEWITTER“, gültig von 14:00 Uhr bis 16:00 Uhr."
    )
    assert finding.holds_until == NOON + minutes(120)


@pytest.mark.parametrize(
    ("minutes_ahead", "expected"), [(-90, ["thunderstorm"]), (60, ["thunderstorm"]), (61, []), (600, [])]
)
def test_a_warning_counts_from_its_lead_time_on(minutes_ahead: float, expected: list[str]) -> None:
    onset = NOON + minutes(minutes_ahead)

    assert bad(a_sight(a_warning(onset=onset, expires=onset + minutes(120)))) == expected


@pytest.mark.parametrize(
    "lie",
    [
        {"status": "test"},
        {"status": "exercise"},
        {"expires": NOON},
        {"expires": NOON - minutes(5), "onset": NOON - minutes(60)},
        {"expires": NOON - minutes(30), "onset": NOON + minutes(30)},
        {"onset": NOON - timedelta(days=3), "expires": NOON + timedelta(days=3)},
        {"onset": NOON - timedelta(days=1), "expires": None},
        {"onset": datetime.max.replace(tzinfo=UTC), "expires": None},
        {"severity": "minor"},
        {"severity": None},
        {"event": "VORABINFORMATION SCHWERES GEWITTER"},
        {"event": "STURMBÖEN"},
        {"event": ""},
        {"response_type": "allclear"},
    ],
)
def test_a_warning_that_does_not_count_closes_nothing(lie: dict[str, Any]) -> None:
    verdict = judge(a_pool(), a_sight(a_warning(**lie)), now=NOON)

    assert verdict.bad == ()
    assert verdict.state == "seeing"


def test_the_gravest_of_several_warnings_is_named() -> None:
    grave = a_warning(alert_id="2", severity="severe", headline="Amtliche UNWETTERWARNUNG vor SCHWEREM GEWITTER")

    (finding,) = judge(a_pool(), a_sight(a_warning(), grave, a_warning(alert_id="3")), now=NOON).bad

    assert finding.evidence["alert_id"] == "2"
    assert finding.rank == 3


def test_warnings_for_another_cell_close_nothing_and_are_no_answer() -> None:
    elsewhere = Sight(an_observation(), Warnings("809162000", (a_warning(),)))

    verdict = judge(a_pool(), elsewhere, now=NOON)

    assert (verdict.bad, verdict.state) == ((), "stale")
    assert "thunderstorm" not in verdict.clear


def test_a_warning_counts_although_another_one_is_not_readable() -> None:
    verdict = judge(a_pool(), a_sight(a_warning(), complete=False), now=NOON)

    assert [finding.rule for finding in verdict.bad] == ["thunderstorm"]
    assert verdict.state == "stale"


def test_a_list_that_is_not_readable_to_the_end_is_not_clear() -> None:
    verdict = judge(a_pool(), a_sight(complete=False), now=NOON)

    assert verdict.clear == {"wind", "temperature"}


def test_a_thunderstorm_that_the_station_sees_needs_no_warning() -> None:
    assert bad(a_sight(condition="thunderstorm")) == ["thunderstorm"]


@pytest.mark.parametrize(("celsius", "expected"), [("14.9", ["temperature"]), ("15.0", []), ("-3", ["temperature"])])
def test_cold_air_asks_for_closing(celsius: str, expected: list[str]) -> None:
    assert bad(a_sight(celsius=Decimal(celsius))) == expected


@pytest.mark.parametrize(("gust", "expected"), [("75.0", []), ("75.1", ["wind"]), ("120", ["wind"])])
def test_strong_gusts_ask_for_closing(gust: str, expected: list[str]) -> None:
    assert bad(a_sight(gust_kmh=Decimal(gust))) == expected


def test_the_words_tell_value_and_rule() -> None:
    (cold,) = judge(a_pool(), a_sight(celsius=Decimal("12.4")), now=NOON).bad
    (gusts,) = judge(a_pool(), a_sight(gust_kmh=Decimal("82.0")), now=NOON).bad

    assert cold.evidence["words"] == (
        "Lufttemperatur 12,4 °C (Stand 13:50 Uhr). Die Regel lautet: schließen unter 15 °C."
    )
    assert gusts.evidence["words"] == (
        "Windböen bis 82 km/h (Stand 13:50 Uhr). Die Regel lautet: schließen über 75 km/h."
    )


@pytest.mark.parametrize("celsius", [Decimal(99), Decimal(-80), Decimal("NaN"), Decimal("-Infinity"), None])
@pytest.mark.parametrize("gust", [Decimal(900), Decimal(-1), None])
def test_absurd_or_missing_values_close_nothing_and_are_not_known(
    celsius: Decimal | None, gust: Decimal | None
) -> None:
    verdict = judge(a_pool(), a_sight(celsius=celsius, gust_kmh=gust), now=NOON)

    assert (verdict.bad, verdict.state) == ((), "stale")
    assert verdict.clear == {"thunderstorm"}


@pytest.mark.parametrize("age", [minutes(46), timedelta(days=3), -minutes(11)])
def test_an_observation_of_another_time_closes_nothing(age: timedelta) -> None:
    sight = a_sight(at=NOON - age, celsius=Decimal(3), gust_kmh=Decimal(110), condition="thunderstorm")

    verdict = judge(a_pool(), sight, now=NOON)

    assert (verdict.bad, verdict.state, verdict.clear) == ((), "stale", frozenset[str]())


def test_an_observation_of_another_place_closes_nothing() -> None:
    sight = a_sight(latitude=48.14, longitude=11.58, celsius=Decimal(3))

    assert (bad(sight), judge(a_pool(), sight, now=NOON).state) == ([], "stale")


def test_a_warning_counts_although_the_station_is_silent() -> None:
    sight = Sight(None, Warnings(CELL, (a_warning(),)))

    verdict = judge(a_pool(), sight, now=NOON)

    assert ([finding.rule for finding in verdict.bad], verdict.state) == (["thunderstorm"], "stale")


def test_without_any_answer_nothing_is_known() -> None:
    verdict = judge(a_pool(), BLIND, now=NOON)

    assert (verdict.state, verdict.bad, verdict.clear) == ("blind", (), frozenset[str]())


def test_only_the_rules_of_the_pool_are_asked() -> None:
    data = a_pool()
    only_wind = replace(data, weather=replace(data.weather, thunderstorm=None, temperature=None))

    verdict = judge(only_wind, a_sight(a_warning(), celsius=None), now=NOON)

    assert (verdict.state, verdict.bad, verdict.clear) == ("seeing", (), {"wind"})


def test_the_attendant_sees_values_and_no_test_warnings() -> None:
    seen = values_of(a_sight(a_warning(), a_warning(status="test", headline="PROBE")))

    assert seen["celsius"] == "27.5"
    assert seen["warnings"] == ["Amtliche WARNUNG vor STARKEM GEWITTER"]


def test_a_number_of_endless_digits_makes_no_endless_text() -> None:
    (cold,) = judge(a_pool(), a_sight(celsius=Decimal("1E-100000")), now=NOON).bad

    assert "Lufttemperatur 0 °C" in str(cold.evidence["words"])
