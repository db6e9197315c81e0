"""Pools as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from chassis.tables import InboxClaim
from contracts.base import event_key
from services.subscriptions.domain.pool import Pool
from services.subscriptions.storage.tables import IncidentRow, PoolRow

TAPS = "subscriptions-taps"
"""Taps are claimed beside the messages of the bus."""


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


async def first_tap(session: AsyncSession, pool: str, tap_id: UUID, *, now: datetime) -> bool:
    """Claim a tap; False when its effect is already there."""
    key = event_key(f"taps/{pool}", str(tap_id))
    claim = insert_if_absent(session, InboxClaim).values(durable=TAPS, event_key=key, claimed_at=now)
    claimed = await session.execute(claim.returning(InboxClaim.event_key))
    return claimed.first() is not None


async def update_facts(session: AsyncSession, incident_id: UUID, facts: Mapping[str, object]) -> None:
    """Let an incident say what is known of it now."""
    await session.execute(update(IncidentRow).where(IncidentRow.incident_id == incident_id).values(facts=dict(facts)))
