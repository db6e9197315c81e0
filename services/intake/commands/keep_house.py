"""Forget what may be forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from chassis.database import Database
from contracts.topology import INBOX_AGE
from services.intake.storage import books, reports


async def keep_house(database: Database, *, now: datetime, keep_fetched: timedelta) -> None:
    """Erase fetched reports, and forget accepted events that nobody could send again."""
    async with database.transaction() as session:
        await reports.erase(session, now=now, keep=keep_fetched)
        await books.prune(session, now=now, age=INBOX_AGE)
