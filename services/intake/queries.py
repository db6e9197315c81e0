"""What the HTTP side and the metrics read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.systems import Systems
from services.intake.domain.limits import day_of
from services.intake.storage import books, reports


async def overview(session: AsyncSession, systems: Systems, *, now: datetime) -> list[dict[str, str | int]]:
    """Return of each system what it has sent today and how many of its reports wait."""
    used = await books.used_today(session, day_of(now))
    waiting = await reports.waiting(session)
    return [
        {
            "name": each.name,
            "accepted_today": used.get(each.name, 0),
            "daily_quota": each.daily_quota,
            "waiting_reports": waiting.get(each.name, 0),
        }
        for each in systems.systems
    ]


async def kept_reports(session: AsyncSession, *, now: datetime) -> tuple[int, int]:
    """Count the bodies that are kept, and those that should have been fetched by now."""
    return await reports.kept(session, now=now)
