"""The simulated weather service, and a pool that is watched."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

import pytest

from chassis.database import Database
from services.subscriptions.gateways.weather import WeatherService
from tests.simulators.weather.service import WeatherSimulator
from tests.subscriptions.bath import Bath
from tests.subscriptions.said import subscriptions_at
from tests.subscriptions.sky import a_pool


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Generator[WeatherSimulator]:
    with WeatherSimulator(tmp_path_factory.mktemp("weather") / "log") as simulator:
        yield simulator


@pytest.fixture
def sky(process: WeatherSimulator) -> WeatherSimulator:
    process.fair()
    return process


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


@pytest.fixture
async def bath(database: Database, sky: WeatherSimulator) -> AsyncGenerator[Bath]:
    service = WeatherService(sky.url, whole_seconds=1)
    yield Bath(database, service, a_pool())
    await service.close()
