"""What the toy service does with an event: claim it and write one row."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.inbox import first_delivery
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from tests.support.toy.storage.tables import Effect

DURABLE = "accounts-notices"


async def first_effect(session: AsyncSession, event: CloudEvent[NoticeGenerated]) -> bool:
    """Claim the event and write its effect; False when that is there already."""
    if not await first_delivery(session, DURABLE, event):
        return False
    await asyncio.sleep(0)
    session.add(Effect(event_key=event.key()))
    return True


async def effect_of(database: Database, event: CloudEvent[NoticeGenerated]) -> bool:
    """The same in a transaction of its own."""
    async with database.transaction() as session:
        return await first_effect(session, event)


async def effects(database: Database) -> int:
    """How many effects there are."""
    async with database.reading() as session:
        return await session.scalar(select(func.count(Effect.id))) or 0
