"""Alembic's entry for every service: the chassis tables and the service's own, online only."""

from __future__ import annotations

import asyncio
import importlib
import os

from alembic import context
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.tables import ChassisBase


def _metadata() -> list[MetaData]:
    package = context.config.attributes["package"]
    tables = importlib.import_module(f"{package}.storage.tables")
    return [ChassisBase.metadata, tables.Base.metadata]


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=_metadata(), compare_type=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        context.run_migrations()


async def _online() -> None:
    engine = create_async_engine(os.environ["RATHAUS_MIGRATE_URL"])
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_online())
