"""Towns for the tests of appointments."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.appointments.tables import make_empty
from tests.appointments.town import Town, open_town
from tests.support.postgres import Postgres


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with empty tables, to copy."""
    path = tmp_path_factory.mktemp("empty") / "town.sqlite"
    with ThreadPoolExecutor() as apart:
        # The first who asks may do so in a loop that runs.
        apart.submit(lambda: asyncio.run(make_empty(f"sqlite+aiosqlite:///{path}"))).result()
    return path


@pytest.fixture(scope="session")
def town_on_postgres(postgres: Postgres) -> str:
    """A PostgreSQL database for one town after the other."""
    return postgres.new_database()


@pytest.fixture
def sqlite_url(empty_file: Path, tmp_path: Path) -> str:
    """The URL of empty tables where the kind of database makes no difference."""
    return f"sqlite+aiosqlite:///{shutil.copy(empty_file, tmp_path / 'appointments.sqlite')}"


@pytest.fixture(params=["sqlite", "postgresql"])
async def town_url(request: pytest.FixtureRequest) -> str:
    """The URL of empty tables, on either kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    url = str(request.getfixturevalue("town_on_postgres"))
    await make_empty(url)
    return url


@pytest.fixture
async def town(town_url: str) -> AsyncGenerator[Town]:
    """A town on either database."""
    async with open_town(town_url) as ready:
        yield ready


@pytest.fixture
async def sqlite_town(sqlite_url: str) -> AsyncGenerator[Town]:
    """A town where the kind of database makes no difference."""
    async with open_town(sqlite_url) as ready:
        yield ready
