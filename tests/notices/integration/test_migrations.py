"""The migrations of every service give exactly the tables that its code knows, on both databases."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from chassis.alembic.upgrade import config_of
from chassis.database import Database
from chassis.migrations import ensure_schema, head_of
from chassis.tables import ChassisBase

PACKAGES = ["services.notices", "services.accounts", "services.mailgateway"]


def _differences(connection: Connection, package: str) -> list[Any]:
    tables = importlib.import_module(f"{package}.storage.tables")
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    both = [ChassisBase.metadata, tables.Base.metadata]
    return list(compare_metadata(context, both))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("package", PACKAGES)
async def test_migrations_and_tables_agree(package: str, database_url: str) -> None:
    database = Database(database_url)

    await ensure_schema(package, database)
    await ensure_schema(package, database)

    async with database.transaction() as session:
        connection = await session.connection()
        found = await connection.run_sync(_differences, package)
    await database.close()
    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_head_file_names_the_newest_revision(package: str) -> None:
    script = ScriptDirectory.from_config(config_of(package))

    assert script.get_heads() == [head_of(package)]
