"""What the HTTP side reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.storage.tables import AlertRow, PoolRow

Json = dict[str, Any]


async def pools(session: AsyncSession) -> list[Json]:
    """Return every pool of which anything was heard, by name."""
    rows = await session.scalars(select(PoolRow).order_by(PoolRow.pool))
    return [_pool(row) for row in rows]


async def pool(session: AsyncSession, name: str) -> Json | None:
    """Return one pool."""
    row = await session.get(PoolRow, name)
    return None if row is None else _pool(row)


async def alerts(session: AsyncSession, *, at: datetime) -> list[Json]:
    """Return the alerts that are valid at an instant, the newest first."""
    rows = await session.scalars(
        select(AlertRow)
        .where(AlertRow.valid_from <= at, at < AlertRow.valid_until)
        .order_by(AlertRow.valid_from.desc(), AlertRow.alert_id)
    )
    return [_alert(row) for row in rows]


def _pool(row: PoolRow) -> Json:
    return {
        "pool": row.pool,
        "state": row.state,
        "since": _instant(row.since),
        "reason": row.reason,
        "until": _instant(row.until),
        "reported_by": row.reported_by,
        "version": row.version,
    }


def _alert(row: AlertRow) -> Json:
    return {
        "alert_id": str(row.alert_id),
        "category": row.category,
        "headline_de": row.headline_de,
        "text_de": row.text_de,
        "headline_en": row.headline_en,
        "text_en": row.text_en,
        "areas": row.areas,
        "valid_from": _instant(row.valid_from),
        "valid_until": _instant(row.valid_until),
        "reported_by": row.reported_by,
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
