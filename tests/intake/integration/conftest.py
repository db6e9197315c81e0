"""The database of intake, on either kind."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from chassis.database import Database
from chassis.tables import ChassisBase
from services.intake.storage.tables import Base


async def with_tables(url: str) -> Database:
    database = Database(url)
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.run_sync(ChassisBase.metadata.create_all)
        await connection.run_sync(Base.metadata.create_all)
    return database


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """With tables."""
    ready = await with_tables(database_url)
    yield ready
    await ready.close()
