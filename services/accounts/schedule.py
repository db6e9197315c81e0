"""Time in: each tick is one command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from chassis.clock import Clock
from chassis.database import Database
from services.accounts.commands.staff_sessions import sweep_sessions

SWEEP_SECONDS = 600.0


def sweeping(database: Database, now: Clock) -> Callable[[], Awaitable[None]]:
    """Return the loop that forgets expired sessions."""

    async def sweep() -> None:
        await sweep_sessions(database=database, now=now)
        await asyncio.sleep(SWEEP_SECONDS)

    return sweep
