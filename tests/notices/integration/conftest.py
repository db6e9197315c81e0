"""Desks on empty databases."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.notices.integration.desk import Desk, desk_at


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncGenerator[Desk]:
    """A desk on either kind of database."""
    async with desk_at(database_url, tmp_path) as ready:
        yield ready


@pytest.fixture
async def small_desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    """A desk where the kind of database makes no difference."""
    async with desk_at(f"sqlite+aiosqlite:///{tmp_path}/notices.sqlite", tmp_path) as ready:
        yield ready
