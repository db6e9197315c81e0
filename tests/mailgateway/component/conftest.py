"""A town with a real simulated provider."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

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
