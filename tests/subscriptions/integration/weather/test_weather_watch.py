"""The watcher by itself: a service that fails or lies, automatic rules, and when nobody looks; on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.metrics import REGISTRY
from contracts.subscriptions import PoolClosed, PoolReopened
from services.subscriptions.commands.announce_alert import AlertDesk
from services.subscriptions.gateways.weather import WeatherService
from services.subscriptions.schedule import loops
from tests.simulators.weather.service import WeatherSimulator
from tests.subscriptions.bath import Bath
from tests.subscriptions.said import told
from tests.subscriptions.sky import POOL, a_pool, minutes
from tests.support.eventually import eventually, running

ONE_KIND_IS_ENOUGH = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ONE_KIND_IS_ENOUGH
@pytest.mark.parametrize("fault", ["down", "http_error", "garbage", "null_fields", "stale", "wrong_place", "slow"])
async def test_a_service_that_fails_or_lies_closes_nothing_and_is_told_once(
    bath: Bath, sky: WeatherSimulator, fault: str
) -> None:
    bath.acts_by_itself()
    sky.warn()
    sky.sky(temperature=3, wind_gust=120, condition="thunderstorm")
    sky.fault(fault, minutes=180, seconds=1.2)
    bath.service = WeatherService(sky.url, whole_seconds=0.3)

    for _ in range(6):
        await bath.look(after=5)
    lost = await bath.said()
    sky.fair()
    await bath.look()
    await bath.look()
    await bath.service.close()

    assert (lost, await bath.said()) == (["weather_lost"], ["weather_lost", "weather_back"])
    assert ((await bath.pool()).version, await bath.proposals(), await told(bath.database)) == (0, [], [])


@ONE_KIND_IS_ENOUGH
@pytest.mark.parametrize("lie", [{"status": "test"}, {"expires": -1, "onset": -60}, {"onset": 90}, {"cell": 809162000}])
async def test_a_warning_that_does_not_count_closes_nothing(
    bath: Bath, sky: WeatherSimulator, lie: dict[str, Any]
) -> None:
    bath.acts_by_itself()
    sky.warn(**lie)

    await bath.look()

    assert ((await bath.pool()).version, await bath.said()) == (0, [])
    assert (await bath.shown())["watch"]["state"] == "seeing"


async def test_automatic_closes_once_and_opens_once(bath: Bath, sky: WeatherSimulator) -> None:
    bath.acts_by_itself()
    sky.warn()

    await asyncio.gather(*(bath.look() for _ in range(3)))
    await bath.look(after=5)
    closed = await bath.pool()
    sky.sky(alerts=[])
    for _ in range(4):
        await bath.look(after=5)

    events = await told(bath.database)
    assert (closed.state, closed.reason, closed.reported_by) == ("closed", "thunderstorm", "weather")
    assert [type(event.data) for event in events] == [PoolClosed, PoolReopened]
    assert await bath.said() == ["automatic", "automatic"]
    assert [row.state for row in await bath.proposals()] == ["automatic", "automatic"]


async def test_who_opens_in_spite_of_an_automatic_closure_is_not_overruled(bath: Bath, sky: WeatherSimulator) -> None:
    bath.acts_by_itself()
    sky.warn()
    await bath.look()
    bath.ahead += minutes(2)
    await bath.person(reason=None)

    await bath.look(after=5)

    assert ((await bath.pool()).state, await bath.said()) == ("open", ["automatic"])


A_WARNING: dict[str, Any] = {"alerts": [{}]}


@ONE_KIND_IS_ENOUGH
@pytest.mark.parametrize(
    ("weather", "reason"),
    [({"wind_gust": 90}, "storm"), ({"temperature": 9}, "other"), (A_WARNING, "thunderstorm")],
)
async def test_each_rule_closes_for_its_reason(
    bath: Bath, sky: WeatherSimulator, weather: dict[str, Any], reason: str
) -> None:
    bath.acts_by_itself()
    sky.sky(**weather)

    await bath.look()

    assert (await bath.pool()).reason == reason


async def test_outside_its_hours_nobody_looks(bath: Bath, sky: WeatherSimulator) -> None:
    bath.data = a_pool(hours=None)
    before = sky.asked()

    await bath.look()

    assert (sky.asked(), (await bath.shown())["watch"]["state"]) == (before, "unwatched")


async def test_a_look_of_long_ago_says_nothing_of_now(bath: Bath) -> None:
    await bath.look()
    bath.ahead += minutes(25)

    assert (await bath.shown())["watch"]["state"] == "unwatched"


async def test_the_loop_looks_and_measures(bath: Bath) -> None:
    desk = AlertDesk(bath.database, bath.now, (), 500, bath.wake)
    loop = loops(bath.watching, desk, weather_seconds=30)[0]

    async def forever() -> None:
        await loop()

    async with running(forever()):
        await eventually(lambda: measured("seeing"))

    assert not await measured("blind")


async def measured(state: str) -> bool:
    labels = {"pool": POOL, "state": state}
    return REGISTRY.get_sample_value("rathaus_weather_watch_state", labels) == 1


async def test_while_the_database_is_away_the_service_is_not_asked(
    bath: Bath, sky: WeatherSimulator, tmp_path: Path
) -> None:
    bath.database = Database(f"sqlite+aiosqlite:///{tmp_path}/not/there.sqlite")
    before = sky.asked()

    with pytest.raises(DependencyDown):
        await bath.look()

    assert sky.asked() == before
