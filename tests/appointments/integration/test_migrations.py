"""The migrations give exactly the tables that the code knows, on both databases."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from chassis.alembic.upgrade import config_of
from chassis.database import Database
from chassis.mail_tables import MailBase
from chassis.migrations import ensure_schema, head_of
from chassis.tables import ChassisBase
from services.appointments.storage.tables import Base

PACKAGE = "services.appointments"


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    both = [ChassisBase.metadata, MailBase.metadata, Base.metadata]
    return list(compare_metadata(context, both))  # pyright: ignore[reportArgumentType]


async def test_migrations_and_tables_agree(database_url: str) -> None:
    database = Database(database_url)

    await ensure_schema(PACKAGE, database)

    async with database.transaction() as session:
        connection = await session.connection()
        found = await connection.run_sync(differences)
    await database.close()
    assert found == []


def test_the_head_file_names_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(config_of(PACKAGE)).get_heads() == [head_of(PACKAGE)]
