"""Valid messages for subscriptions, and what it has recorded."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select

from chassis.database import Database
from chassis.mail_tables import MailBase
from chassis.tables import ChassisBase, OutboxRow
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.foreign import PoolClosure
from contracts.intake import AlertIssued
from contracts.subscriptions import ClosePool, PoolClosed, PoolReopened, ReopenPool
from services.subscriptions.commands.change_pool import close_pool, reopen_pool
from services.subscriptions.storage.master_data import read_master_data
from services.subscriptions.storage.tables import Base
from tests.support.events import TOWN

NOON = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
NOW = NOON + timedelta(hours=8)
POOL = "freibad-tangerhuette"
MASTER = read_master_data(TOWN)
Data = TypeVar("Data", bound=Message)


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def from_intake(data: Data) -> CloudEvent[Data]:
    """A message as intake sends it: each under an id of its own."""
    return envelope(data, source=source_of(TOWN, "intake"), aggregate=uuid4().hex, sequence=1, time=NOW)


def closing(
    at: datetime, *, pool: str = POOL, reason: PoolClosure = "thunderstorm", until: datetime | None = None
) -> CloudEvent[ClosePool]:
    return from_intake(ClosePool(pool=pool, reason=reason, closed_at=at, until=until, reported_by="badkasse"))


def reopening(at: datetime, *, pool: str = POOL, mistaken: bool = False) -> CloudEvent[ReopenPool]:
    return from_intake(ReopenPool(pool=pool, reopened_at=at, mistaken=mistaken, reported_by="badkasse"))


def an_alert(
    *,
    alert_id: UUID | None = None,
    valid_from: datetime = NOON,
    valid_until: datetime | None = None,
    headline: str = "Wasser abgestellt",
) -> CloudEvent[AlertIssued]:
    data = AlertIssued(
        alert_id=alert_id or uuid4(),
        category="utility_outage",
        headline_de=headline,
        text_de="Bis 15 Uhr gibt es im Ortsteil Grieben kein Wasser.",
        areas=("grieben",),
        valid_from=valid_from,
        valid_until=valid_until or valid_from + timedelta(hours=3),
        reported_by="wasserverband",
    )
    return from_intake(data)


@asynccontextmanager
async def subscriptions_at(url: str) -> AsyncGenerator[Database]:
    """Open an empty database of subscriptions."""
    database = Database(url)
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.run_sync(ChassisBase.metadata.create_all)
        await connection.run_sync(MailBase.metadata.create_all)
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


async def obey(database: Database, command: CloudEvent[ClosePool] | CloudEvent[ReopenPool]) -> None:
    """Handle a command as the subscriber does."""
    if isinstance(command.data, ClosePool):
        close = CloudEvent[ClosePool].model_validate(command.model_dump())
        await close_pool(close, database=database, master=MASTER, now=lambda: NOW)
    else:
        reopen = CloudEvent[ReopenPool].model_validate(command.model_dump())
        await reopen_pool(reopen, database=database, master=MASTER, now=lambda: NOW)


async def told(database: Database) -> list[CloudEvent[PoolClosed] | CloudEvent[PoolReopened]]:
    """Everything that the outbox holds, in order."""
    async with database.reading() as session:
        rows = await session.execute(select(OutboxRow.subject, OutboxRow.body).order_by(OutboxRow.position))
        return [
            CloudEvent[PoolClosed].model_validate_json(row.body)
            if row.subject == PoolClosed.subject
            else CloudEvent[PoolReopened].model_validate_json(row.body)
            for row in rows
        ]
