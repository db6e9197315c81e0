"""Migrations and tables of intake agree, on both databases."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from chassis.alembic.upgrade import config_of
from chassis.database import Database
from chassis.migrations import ensure_schema, head_of
from chassis.tables import ChassisBase
from services.intake.storage.tables import Base


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, [ChassisBase.metadata, Base.metadata]))  # pyright: ignore[reportArgumentType]


async def test_migrations_and_tables_agree(database_url: str) -> None:
    database = Database(database_url)

    await ensure_schema("services.intake", database)

    async with database.transaction() as session:
        connection = await session.connection()
        found = await connection.run_sync(differences)
    await database.close()
    assert found == []


def test_the_head_file_names_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(config_of("services.intake")).get_heads() == [head_of("services.intake")]
