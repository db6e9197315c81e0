"""What the HTTP side reads."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.storage.tables import RoutingRow


async def routing(session: AsyncSession, notice_id: UUID) -> dict[str, str] | None:
    """Return how a notice is delivered and why, None before the decision."""
    row = await session.get(RoutingRow, notice_id)
    if row is None:
        return None
    return {
        "channel": row.channel,
        "reason": row.reason,
        "legal_basis": row.legal_basis,
        "decided_at": row.decided_at.isoformat(),
    }


async def channels_of_run(session: AsyncSession, run_id: UUID) -> dict[str, int]:
    """Count the decisions of a run by channel."""
    rows = await session.execute(
        select(RoutingRow.channel, func.count().label("amount"))
        .where(RoutingRow.run_id == run_id)
        .group_by(RoutingRow.channel)
    )
    return {row.channel: row.amount for row in rows}
