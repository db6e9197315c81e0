"""A town with a real simulated provider."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from chassis.http import make_app
from chassis.settings import ServiceSettings
from services.mailgateway.api import Api
from tests.mailgateway.component.town import Gateway, Notices, Town, sqlite
from tests.mailgateway.integration.simulated_post import simulated_post


@pytest.fixture
async def town(tmp_path: Path) -> AsyncGenerator[Town]:
    async with simulated_post(tmp_path / "provider") as provider:
        yield Town(provider, Notices(), tmp_path)


@pytest.fixture
async def gateway(town: Town) -> AsyncGenerator[Gateway]:
    """The only process, on SQLite."""
    async with town.gateway(sqlite(town.folder)) as running:
        yield running


@pytest.fixture
async def http(gateway: Gateway, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    """The desk at the door of that process."""
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    (tokens / "from-rathaus").write_text("of-the-desk\n")
    (tokens / "from-notices").write_text("of-notices\n")
    app = make_app(ServiceSettings(tokens_dir=tokens), gateway.health, Api(gateway.post).routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://mailgateway",
        headers={"authorization": "Bearer of-the-desk"},
    ) as client:
        yield client
