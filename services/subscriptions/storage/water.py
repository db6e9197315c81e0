"""The last water temperature of each pool."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.subscriptions.storage.tables import WaterRow


async def measured(session: AsyncSession, pool: str, celsius: Decimal, *, at: datetime) -> None:
    """Keep a measurement, unless a later one is there."""
    values = {"celsius": celsius, "measured_at": at}
    await session.execute(insert_if_absent(session, WaterRow).values(pool=pool, **values))
    await session.execute(update(WaterRow).where(WaterRow.pool == pool, WaterRow.measured_at <= at).values(**values))
