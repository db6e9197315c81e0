"""The caretaker at work on a real bus, and its door."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.http import make_app
from chassis.service import Loop
from contracts.topology import CARETAKER
from services.caretaker.main import build
from services.caretaker.settings import CaretakerSettings
from tests.support.eventually import eventually, running
from tests.support.nats import Bus


@dataclass(frozen=True, slots=True)
class Desk:
    """Asks the caretaker as the command does."""

    client: httpx.AsyncClient

    async def get(self, path: str, **query: object) -> Any:
        answer = await self.client.get(path, params={name: str(value) for name, value in query.items()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def letters(self, **query: object) -> list[dict[str, Any]]:
        return await self.get("/dead-letters", **query)

    async def post(self, path: str, **body: object) -> httpx.Response:
        return await self.client.post(path, json=body)

    async def durable(self, name: str) -> dict[str, Any]:
        return next(each for each in await self.get("/durables") if each["name"] == name)


async def _run(loop: Loop) -> None:
    await loop()


@pytest.fixture
async def desk(bus: Bus, tmp_path: Path) -> AsyncGenerator[Desk]:
    """A caretaker with its loops running."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "tokens" / "from-rathaus").write_text("token\n")
    seed_file = bus.server.home.seed_file(CARETAKER)
    settings = CaretakerSettings(nats_url=bus.server.url, nats_seed_file=seed_file, tokens_dir=tmp_path / "tokens")
    service = build(settings)
    await service.consuming.broker.connect()
    service.health.started = True
    app = make_app(settings, service.health, service.routes)
    headers = {"authorization": "Bearer token"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://caretaker", headers=headers) as client:
        async with running(*(_run(each) for each in service.loops)):
            # A test that changes a stream would else be overtaken by the topology.
            await eventually(lambda: is_applied(client))
            yield Desk(client)
        service.health.started = False  # the test ends the connection itself, which would end a started process
        await service.consuming.broker.stop()


async def is_applied(client: httpx.AsyncClient) -> bool:
    return "topology" not in (await client.get("/readyz")).json()["problems"]
