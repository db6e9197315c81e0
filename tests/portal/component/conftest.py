"""A portal alone, and one in its town."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.portal.component.town import Portal, Town, portal_before, town_of
from tests.subscriptions.component.town import NOBODY
from tests.support.nats import Bus


@pytest.fixture
async def lonely(tmp_path: Path) -> AsyncGenerator[Portal]:
    """A portal whose services are all away."""
    async with portal_before(tmp_path, f"http://{NOBODY}") as portal:
        yield portal


@pytest.fixture
async def town(bus: Bus, tmp_path: Path) -> AsyncGenerator[Town]:
    async with town_of(bus, tmp_path) as found:
        yield found


@pytest.fixture
async def visitor(town: Town) -> AsyncGenerator[httpx.AsyncClient]:
    async with town.portal.visitor() as client:
        yield client
