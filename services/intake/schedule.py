"""Time in: each tick is one command or query."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from chassis.clock import Clock
from chassis.database import Database
from services.intake.commands.keep_house import keep_house
from services.intake.metrics import REPORTS, REPORTS_OVERDUE
from services.intake.queries import kept_reports
from services.intake.settings import IntakeSettings

log = structlog.stdlib.get_logger()

HOUSEKEEPING_SECONDS = 600.0
WATCH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """The loops of this service."""

    database: Database
    settings: IntakeSettings
    now: Clock

    def loops(self) -> list[Callable[[], Awaitable[None]]]:
        """Return the loops for the chassis to run."""
        return [self._keep_house, self._watch]

    async def _keep_house(self) -> None:
        await keep_house(self.database, now=self.now(), keep_fetched=timedelta(days=self.settings.keep_fetched_days))
        await asyncio.sleep(HOUSEKEEPING_SECONDS)

    async def _watch(self) -> None:
        async with self.database.reading() as session:
            kept, overdue = await kept_reports(session, now=self.now())
        REPORTS.set(kept)
        REPORTS_OVERDUE.set(overdue)
        if overdue:
            log.error("reports.overdue", reports=overdue)
        await asyncio.sleep(WATCH_SECONDS)
