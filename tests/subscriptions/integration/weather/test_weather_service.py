"""Asking the weather service: a real process that tells the truth, lies, is late or is not there."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

from chassis.clock import utc_now
from services.subscriptions.domain.weather import Sight, judge
from services.subscriptions.gateways.weather import WeatherService
from tests.simulators.weather.service import WeatherSimulator
from tests.subscriptions.sky import BLIND, CELL, LATITUDE, a_pool


@pytest.fixture
async def service(sky: WeatherSimulator) -> AsyncGenerator[WeatherService]:
    asked = WeatherService(sky.url, whole_seconds=1)
    yield asked
    await asked.close()


async def test_a_fair_day_is_read(service: WeatherService) -> None:
    sight = await service.look(a_pool())

    assert sight.observation is not None
    assert sight.warnings is not None
    assert (sight.observation.celsius, sight.observation.gust_kmh) == (Decimal("27.5"), Decimal("18.0"))
    assert sight.observation.condition == "dry"
    assert abs(sight.observation.latitude - LATITUDE) < 0.1
    assert (sight.warnings.cell, sight.warnings.warnings) == (CELL, ())
    assert judge(a_pool(), sight, now=utc_now()).state == "seeing"


async def test_a_warning_is_read(sky: WeatherSimulator, service: WeatherService) -> None:
    sky.warn(severity="severe", expires=None)

    sight = await service.look(a_pool())

    assert sight.warnings is not None
    (warning,) = sight.warnings.warnings
    assert (warning.event, warning.severity, warning.expires) == ("STARKES GEWITTER", "severe", None)
    assert judge(a_pool(), sight, now=utc_now()).bad


@pytest.mark.parametrize("kind", ["down", "http_error", "garbage", "null_fields", "slow"])
async def test_what_cannot_be_read_is_no_answer(sky: WeatherSimulator, service: WeatherService, kind: str) -> None:
    sky.warn()
    sky.sky(temperature=3, wind_gust=120, condition="thunderstorm")
    sky.fault(kind, seconds=1.5)

    assert await service.look(a_pool()) == BLIND


@pytest.mark.parametrize("kind", ["stale", "wrong_place"])
async def test_what_is_old_or_from_elsewhere_is_stale(
    sky: WeatherSimulator, service: WeatherService, kind: str
) -> None:
    sky.warn()
    sky.sky(temperature=3, wind_gust=120, condition="thunderstorm")
    sky.fault(kind, minutes=180)

    verdict = judge(a_pool(), await service.look(a_pool()), now=utc_now())

    assert (verdict.state, verdict.bad) == ("stale", ())


async def test_half_an_answer_is_half_an_answer(sky: WeatherSimulator, service: WeatherService) -> None:
    sky.warn()
    sky.fault("down", path="/current_weather")

    sight = await service.look(a_pool())

    assert sight.observation is None
    assert sight.warnings is not None


@pytest.mark.parametrize("lie", [{"alert_id": None}, {"status": "hoax"}, {"severity": "huge"}, {"onset": None}])
async def test_a_warning_that_cannot_be_read_spoils_only_itself(
    sky: WeatherSimulator, service: WeatherService, lie: dict[str, Any]
) -> None:
    sky.sky(alerts=[lie, {}])

    sight = await service.look(a_pool())

    assert sight.warnings is not None
    assert (len(sight.warnings.warnings), sight.warnings.complete) == (1, False)


def current(*, record: str = "", source: str = "") -> str:
    weather = f'{{"timestamp": "{utc_now().isoformat()}", "source_id": 1, "temperature": 3.5{record}}}'
    return f'{{"weather": {weather}, "sources": [{{"id": 1, "lat": 52.4, "lon": 11.8{source}}}]}}'


async def test_the_shortest_span_of_gusts_that_is_told_counts(sky: WeatherSimulator, service: WeatherService) -> None:
    gusts = ', "wind_gust_speed_10": null, "wind_gust_speed_30": 51, "wind_gust_speed_60": 99.5'
    sky.fault("body", text=current(record=gusts))

    sight = await service.look(a_pool())

    assert sight.observation is not None
    assert (sight.observation.celsius, sight.observation.gust_kmh) == (Decimal("3.5"), Decimal(51))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"sunny"',
        current(record=', "temperature": "3"'),
        current(record=', "temperature": true'),
        current(record=', "temperature": NaN'),
        current(record=', "temperature": {}'),
        current(record=', "timestamp": "2026-07-04T12:00:00"'),
        current(record=', "timestamp": "0001-01-01T00:00:00+14:00"'),
        current(record=', "timestamp": "gestern"'),
        current(record=', "source_id": 2'),
        current(source=', "lat": 1e999'),
        current(source=', "lat": 91'),
        "[" * 100_000,
        "1" * 10_000,
        '"' + "x" * 4_100_000 + '"',
    ],
    ids=range(17),
)
async def test_a_body_that_lies_is_no_answer(sky: WeatherSimulator, service: WeatherService, text: str) -> None:
    sky.fault("body", text=text)

    assert await service.look(a_pool()) == BLIND


@pytest.mark.parametrize("number", ["99", "-80", "1e400", "-1E999999"])
async def test_an_absurd_number_is_read_and_closes_nothing(
    sky: WeatherSimulator, service: WeatherService, number: str
) -> None:
    sky.fault("body", path="/current", text=current(record=f', "temperature": {number}'))

    verdict = judge(a_pool(), await service.look(a_pool()), now=utc_now())

    assert (verdict.state, verdict.bad) == ("stale", ())


async def test_a_pool_without_a_place_asks_nothing(sky: WeatherSimulator, service: WeatherService) -> None:
    before = sky.asked()

    assert await service.look(a_pool(latitude=None, warn_cell=None)) == Sight(None, None)
    assert sky.asked() == before


async def test_an_address_where_nobody_listens_is_no_answer() -> None:
    service = WeatherService("http://127.0.0.1:9", whole_seconds=1)

    assert await service.look(a_pool()) == BLIND
    await service.close()
