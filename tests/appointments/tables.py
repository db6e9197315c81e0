"""Empty tables, made once: a database for each test costs more than most of the tests."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.mail_tables import MailBase
from chassis.tables import ChassisBase
from services.appointments.storage.tables import Base

_ALL = [base.metadata for base in (ChassisBase, MailBase, Base)]


async def make_tables(session: AsyncSession) -> None:
    """Create the tables where there are none."""
    connection = await session.connection()
    if not await connection.run_sync(lambda plain: inspect(plain).has_table("booking")):
        for each in _ALL:
            await connection.run_sync(each.create_all)


async def make_empty(url: str) -> None:
    """Leave the tables, and nothing in them."""
    database = Database(url)
    async with database.transaction() as session:
        await make_tables(session)
        for metadata in _ALL:
            for table in metadata.tables.values():
                await session.execute(table.delete())
    await database.close()
