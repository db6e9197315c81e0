"""Keep the water temperature that an attendant has measured."""

from __future__ import annotations

from decimal import Decimal

import structlog

from chassis.clock import Clock
from chassis.database import Database
from services.subscriptions.storage import water

log = structlog.stdlib.get_logger()


async def measure_water(pool: str, celsius: Decimal, *, by: str, database: Database, now: Clock) -> None:
    """Store it with the instant of now."""
    async with database.transaction() as session:
        await water.measured(session, pool, celsius, at=now())
    log.info("pool.water_measured", pool=pool, by=by)
