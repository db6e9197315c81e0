"""A database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chassis.database import Database
from chassis.tables import ChassisBase
from tests.support.postgres import Postgres
from tests.support.toy.storage.tables import Base


@asynccontextmanager
async def opened(url: str, *, with_tables: bool = True) -> AsyncGenerator[Database]:
    """Open a database, with the tables of the chassis and of the toy service if wanted."""
    database = Database(url)
    if with_tables:
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.run_sync(ChassisBase.metadata.create_all)
            await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on either kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/service.sqlite"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.new_database()


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """A database with tables, on either kind."""
    async with opened(database_url) as ready:
        yield ready


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncGenerator[Database]:
    """A database with tables where the kind makes no difference."""
    async with opened(f"sqlite+aiosqlite:///{tmp_path}/service.sqlite") as ready:
        yield ready
