"""Erase what a reported change says about a person, some time after a clerk has taken it over."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from chassis.clock import Clock
from chassis.database import Database
from services.notices.storage.tables import ERASED, ReportedChangeRow

KEEP_SETTLED = timedelta(days=90)
"""Time enough to ask once more what was taken over; the levy file holds it by then."""


async def erase_changes(*, database: Database, now: Clock) -> None:
    """Empty the bodies; the rows stay, so that an event that comes again brings nothing back."""
    settled = ReportedChangeRow.done_at < now() - KEEP_SETTLED
    async with database.transaction() as session:
        await session.execute(
            update(ReportedChangeRow).where(settled, ReportedChangeRow.body != ERASED).values(body=ERASED)
        )
