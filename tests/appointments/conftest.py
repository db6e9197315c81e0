"""Towns for the tests of appointments."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.appointments.town import Town, open_town


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    """A town on either database."""
    async with open_town(database_url) as ready:
        yield ready


@pytest.fixture
async def sqlite_town(tmp_path: Path) -> AsyncGenerator[Town]:
    """A town where the kind of database makes no difference."""
    async with open_town(f"sqlite+aiosqlite:///{tmp_path}/appointments.sqlite") as ready:
        yield ready
