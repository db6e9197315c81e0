"""Alembic's entry for every service: the chassis tables and the service's own, online only."""

from __future__ import annotations

import asyncio
import importlib
import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, MetaData, event
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.tables import ChassisBase


def _metadata() -> list[MetaData]:
    package = context.config.attributes["package"]
    tables = importlib.import_module(f"{package}.storage.tables")
    return [ChassisBase.metadata, tables.Base.metadata]


def _migrate(connection: Connection) -> None:
    # All or nothing on SQLite too: a migration that is killed half-way must be able to begin again.
    context.configure(connection=connection, target_metadata=_metadata(), compare_type=True, transactional_ddl=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        context.run_migrations()


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    """Keep the driver from committing before each statement that changes the schema."""
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def _online() -> None:
    engine = create_async_engine(os.environ["RATHAUS_MIGRATE_URL"])
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _leave_transactions_to_us)
        event.listen(engine.sync_engine, "begin", _begin)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_online())
