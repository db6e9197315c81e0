"""Note that a clerk has taken a reported change over into the levy file, or take that back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.database import Database
from services.notices.storage.tables import ERASED, ReportedChangeRow


class ChangeUnknownError(Exception):
    """There is no such reported change."""


class ChangeSettledError(Exception):
    """Somebody else has taken the change over already."""

    def __init__(self, by: str, at: datetime) -> None:
        """Keep who and when."""
        super().__init__()
        self.by = by
        self.at = at


class ChangeErasedError(Exception):
    """The change was settled long ago, and its body is erased."""


async def settle_change(report_id: UUID, *, by: str, database: Database, now: Clock) -> None:
    """Note who has taken it over; the first one counts."""
    async with database.transaction() as session:
        row = await _held(session, report_id)
        if row.done_at is None:
            row.done_at = now()
            row.done_by = by
        elif row.done_by != by:
            raise ChangeSettledError(row.done_by or "", row.done_at)


async def reopen_change(report_id: UUID, *, database: Database) -> None:
    """Let it be open again; one that is open stays so."""
    async with database.transaction() as session:
        row = await _held(session, report_id)
        if row.body == ERASED:
            raise ChangeErasedError
        row.done_at = row.done_by = None


async def _held(session: AsyncSession, report_id: UUID) -> ReportedChangeRow:
    found = await session.scalars(
        select(ReportedChangeRow).where(ReportedChangeRow.report_id == report_id).with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise ChangeUnknownError
    return row
