"""Letters, counted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mailgateway.queries.problems import WITHOUT_DOCUMENT
from services.mailgateway.storage.tables import LetterRow


async def all_states(session: AsyncSession) -> dict[str, int]:
    """Count all letters by state."""
    rows = await session.execute(select(LetterRow.state, func.count().label("amount")).group_by(LetterRow.state))
    return {row.state: row.amount for row in rows}


async def states_of_run(session: AsyncSession, run_id: UUID) -> dict[str, int]:
    """Count a run's letters by state."""
    rows = await session.execute(
        select(LetterRow.state, func.count().label("amount"))
        .where(LetterRow.run_id == run_id)
        .group_by(LetterRow.state)
    )
    return {row.state: row.amount for row in rows}


async def without_document(session: AsyncSession) -> int:
    """Count the letters that notices does not hand out."""
    return await session.scalar(select(func.count()).select_from(LetterRow).where(WITHOUT_DOCUMENT)) or 0
