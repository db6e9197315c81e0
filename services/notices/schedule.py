"""Time in: each tick is one command or query."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from chassis.clock import Clock
from chassis.database import Database
from chassis.documents import Documents
from services.notices.commands.erase_changes import erase_changes
from services.notices.commands.order_drawing import order_again
from services.notices.metrics import CHAINS_BROKEN, NOTICES
from services.notices.queries import overview, reconciliation
from services.notices.settings import NoticesSettings

log = structlog.stdlib.get_logger()

SWEEP_SECONDS = 30.0
WATCH_SECONDS = 60.0
HOUSEKEEPING_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """The loops of this service."""

    database: Database
    documents: Documents
    settings: NoticesSettings
    now: Clock

    def loops(self) -> list[Callable[[], Awaitable[None]]]:
        """Return the loops for the chassis to run."""
        return [self._sweep, self._watch, self._keep_house]

    async def _sweep(self) -> None:
        await order_again(database=self.database, documents=self.documents, settings=self.settings, now=self.now)
        await asyncio.sleep(SWEEP_SECONDS)

    async def _keep_house(self) -> None:
        await erase_changes(database=self.database, now=self.now)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)

    async def _watch(self) -> None:
        async with self.database.reading() as session:
            for state, count in (await overview.delivery_states(session)).items():
                NOTICES.labels(state).set(count)
            broken = await reconciliation.broken_runs(session)
        CHAINS_BROKEN.set(len(broken))
        for run_id in broken:
            log.error("run.chain_broken", run_id=str(run_id))
        await asyncio.sleep(WATCH_SECONDS)
