"""The projection of alerts."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from contracts.intake import AlertIssued
from services.subscriptions.storage.tables import AlertRow


async def add(session: AsyncSession, alert: AlertIssued) -> None:
    """Take an alert over; one that is there stays as it is."""
    values = alert.model_dump() | {"areas": list(alert.areas)}
    await session.execute(insert_if_absent(session, AlertRow).values(**values))


async def drop(session: AsyncSession) -> None:
    """Forget all alerts, to build them again from the stream."""
    await session.execute(delete(AlertRow))
