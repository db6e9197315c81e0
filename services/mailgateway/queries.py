"""What the HTTP side and the metrics read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mailgateway.domain.letter_state import LetterState
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


async def troubled_of_run(session: AsyncSession, run_id: UUID) -> Sequence[LetterRow]:
    """Return the letters of a run about which a person must know."""
    rows = await session.scalars(
        select(LetterRow).where(
            LetterRow.run_id == run_id, LetterRow.state.in_([LetterState.FAILED, LetterState.UNCLEAR])
        )
    )
    return rows.all()
