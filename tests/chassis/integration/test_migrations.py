"""Migrations of every service that has any: linear, complete, applied once, on both databases."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy import inspect as look_at

from chassis.alembic.upgrade import config_of
from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.mail_tables import MailBase
from chassis.migrations import ensure_schema, head_of
from chassis.tables import ChassisBase
from tests.support.databases import opened
from tests.support.processes import ROOT, free_port

PACKAGES = ["tests.support.toy"] + [
    f"services.{path.parents[1].name}" for path in sorted((ROOT / "services").glob("*/migrations/HEAD"))
]
WRITE_TO_PEOPLE = {"services.subscriptions", "services.appointments"}
every_package = pytest.mark.parametrize("package", PACKAGES)


@every_package
def test_migrations_are_numbered_and_form_one_line(package: str) -> None:
    revisions = [each.revision for each in ScriptDirectory.from_config(config_of(package)).walk_revisions()]

    assert revisions[::-1] == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert head_of(package) == revisions[0]


@every_package
async def test_migrating_gives_what_the_code_expects_and_a_second_time_does_nothing(
    package: str, database_url: str
) -> None:
    async with opened(database_url, with_tables=False) as database:
        await ensure_schema(package, database)
        await ensure_schema(package, database)

        differences = await inspect(database, differences_to(package))

    assert differences == []


async def inspect(database: Database, look: Callable[[Connection], list[Any]]) -> list[Any]:
    async with database.reading() as session:
        connection = await session.connection()
        return await connection.run_sync(look)


def differences_to(package: str) -> Callable[[Connection], list[Any]]:
    expected: list[MetaData] = [
        ChassisBase.metadata,
        importlib.import_module(f"{package}.storage.tables").Base.metadata,
        *([MailBase.metadata] if package in WRITE_TO_PEOPLE else []),
    ]

    def look(connection: Connection) -> list[Any]:
        whole = MetaData()
        for metadata in expected:
            for table in metadata.tables.values():
                table.to_metadata(whole)
        return compare_metadata(MigrationContext.configure(connection), whole)

    return look


async def test_a_database_that_is_away_is_waited_for_and_not_blamed() -> None:
    database = Database(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing")

    with pytest.raises(DependencyDown):
        await ensure_schema("tests.support.toy", database)
    await database.close()


async def test_a_migration_that_does_not_get_through_leaves_nothing_behind(database_url: str) -> None:
    """Killed half-way it must be able to begin again; here the last of its tables is in its way."""
    async with opened(database_url, with_tables=False) as database:
        async with database.transaction() as session:
            await session.execute(text("CREATE TABLE outgoing_mail (mail_id INTEGER)"))

        with pytest.raises(RuntimeError, match="migration of services"):
            await ensure_schema("services.appointments", database)

        async with database.transaction() as session:
            connection = await session.connection()
            tables = await connection.run_sync(lambda sync: look_at(sync).get_table_names())
    assert set(tables) <= {"outgoing_mail", "alembic_version"}
