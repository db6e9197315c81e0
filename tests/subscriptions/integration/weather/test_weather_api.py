"""The weather over HTTP: what the portal shows to attendants, and their decisions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from chassis.health import Health
from chassis.http import make_app
from chassis.settings import ServiceSettings
from services.subscriptions.api.weather import WeatherApi
from tests.simulators.weather.service import WeatherSimulator
from tests.subscriptions.bath import GAP, Bath
from tests.subscriptions.said import told
from tests.subscriptions.sky import POOL

BY = {"by": "badkasse"}
UNKNOWN = "7a0f5e32-8f64-4c0b-9a55-0d6f0c1b2a3d"


@pytest.fixture
async def portal(bath: Bath, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    (tmp_path / "from-portal").write_text("token\n")
    health = Health()
    health.started = True
    routes = WeatherApi(bath.database, bath.master, bath.now, GAP, bath.wake).routes()
    app = make_app(ServiceSettings(tokens_dir=tmp_path), health, routes)
    headers = {"authorization": "Bearer token"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://subscriptions", headers=headers
    ) as client:
        yield client


async def proposed(bath: Bath, sky: WeatherSimulator, portal: httpx.AsyncClient) -> str:
    """Let a storm come up; the path of its proposal."""
    sky.warn()
    await bath.look()
    (proposal,) = (await portal.get(f"/pools/{POOL}/weather")).json()["proposals"]
    return f"/proposals/{proposal['proposal_id']}"


async def test_before_the_first_look_nobody_watches(portal: httpx.AsyncClient) -> None:
    answer = await portal.get(f"/pools/{POOL}/weather")

    assert answer.json() == {
        "watch": {"state": "unwatched", "since": None, "last_success": None, "seen": {}},
        "proposals": [],
    }


async def test_a_confirmation_answers_with_the_pool_also_the_second_time(
    bath: Bath, sky: WeatherSimulator, portal: httpx.AsyncClient
) -> None:
    path = await proposed(bath, sky, portal)

    answers = await asyncio.gather(*(portal.post(f"{path}/confirmation", json={"by": by}) for by in ("kasse", "turm")))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [(each["state"], each["reason"], each["version"]) for each in (answer.json() for answer in answers)] == [
        ("closed", "thunderstorm", 1)
    ] * 2
    assert len(await told(bath.database)) == 1


async def test_a_dismissal_twice_is_one(bath: Bath, sky: WeatherSimulator, portal: httpx.AsyncClient) -> None:
    path = await proposed(bath, sky, portal)

    answers = [await portal.post(f"{path}/dismissal", json=BY) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]


async def test_a_decision_that_comes_too_late_is_refused_in_words(
    bath: Bath, sky: WeatherSimulator, portal: httpx.AsyncClient
) -> None:
    path = await proposed(bath, sky, portal)
    await portal.post(f"{path}/dismissal", json=BY)

    refused = await portal.post(f"{path}/confirmation", json=BY)

    assert refused.status_code == 409
    assert refused.json()["title"] == "Der Vorschlag wurde inzwischen abgelehnt."
    assert refused.json()["pool"]["state"] == "open"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/pools/kein-bad/weather", None, 404),
        ("POST", f"/proposals/{UNKNOWN}/confirmation", BY, 404),
        ("POST", f"/proposals/{UNKNOWN}/dismissal", BY, 404),
        ("POST", "/proposals/eins/dismissal", BY, 404),
        ("POST", f"/proposals/{UNKNOWN}/dismissal", {}, 422),
        ("POST", f"/proposals/{UNKNOWN}/dismissal", {"by": "Kasse 1"}, 422),
    ],
)
async def test_what_is_not_there_or_not_said_is_refused(
    portal: httpx.AsyncClient, method: str, path: str, body: dict[str, str] | None, status: int
) -> None:
    answer = await portal.request(method, path, json=body)

    assert answer.status_code == status
