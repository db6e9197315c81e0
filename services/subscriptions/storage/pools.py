"""Pools as rows."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.subscriptions.domain.pool import Pool
from services.subscriptions.storage.tables import PoolRow


async def held(session: AsyncSession, name: str) -> PoolRow:
    """Return the row of a pool, made if there was none; nobody else changes it until this transaction ends."""
    first = insert_if_absent(session, PoolRow).values(pool=name, **asdict(Pool()))
    await session.execute(first)
    rows = await session.scalars(select(PoolRow).where(PoolRow.pool == name).with_for_update())
    return rows.one()


def known(row: PoolRow) -> Pool:
    """Return what a row says of its pool."""
    return Pool(
        state="closed" if row.state == "closed" else "open",
        since=row.since,
        reason=row.reason,
        until=row.until,
        reported_by=row.reported_by,
        as_of=row.as_of,
        heard_at=row.heard_at,
        version=row.version,
    )


def store(row: PoolRow, pool: Pool) -> None:
    """Let a row say what is known now."""
    for name, value in asdict(pool).items():
        setattr(row, name, value)
