"""Bodies of reports about persons: kept until they were fetched, and some days longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.storage.tables import ReportRow

OVERDUE = timedelta(days=2)
TOMBSTONE = timedelta(days=90)
"""How long an erased report can still be told from one that never was."""


async def add(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep bodies."""
    if rows:
        await session.execute(insert(ReportRow), rows)


async def fetch(session: AsyncSession, report_id: UUID, *, now: datetime) -> ReportRow | None:
    """Return a report and note when it was first fetched."""
    row = await session.get(ReportRow, report_id)
    if row is not None and row.fetched_at is None:
        row.fetched_at = now
    return row


async def erase(session: AsyncSession, *, now: datetime, keep: timedelta) -> None:
    """Erase the bodies that were fetched long enough ago, and at last the rows."""
    await session.execute(
        update(ReportRow)
        .where(ReportRow.fetched_at <= now - keep, ReportRow.body.is_not(None))
        .values(body=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(ReportRow)
        .where(ReportRow.fetched_at <= now - keep - TOMBSTONE)
        .execution_options(synchronize_session=False)
    )


async def kept(session: AsyncSession, *, now: datetime) -> tuple[int, int]:
    """Count the bodies that are kept, and those that should have been fetched by now."""
    there = await session.scalar(select(func.count()).where(ReportRow.body.is_not(None)))
    overdue = await session.scalar(
        select(func.count()).where(ReportRow.fetched_at.is_(None), ReportRow.received_at < now - OVERDUE)
    )
    return there or 0, overdue or 0


async def waiting(session: AsyncSession) -> dict[str, int]:
    """Count the reports that nobody has fetched yet, by system."""
    rows = await session.execute(
        select(ReportRow.system, func.count()).where(ReportRow.fetched_at.is_(None)).group_by(ReportRow.system)
    )
    return {row[0]: row[1] for row in rows}
