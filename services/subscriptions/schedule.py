"""Time in: each tick is one command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services.subscriptions.commands.announce_alert import AlertDesk
from services.subscriptions.commands.forget import forget_ledger, forget_needless, forget_old_signups
from services.subscriptions.commands.release_announcement import end_what_has_passed
from services.subscriptions.commands.watch_weather import Watching, watch_weather
from services.subscriptions.metrics import WEATHER_WATCH
from services.subscriptions.queries_weather import WATCH_STATES, watch_states

Loop = Callable[[], Awaitable[None]]
FORGET_SECONDS = 3600.0
LAPSE_SECONDS = 30.0


def loops(watching: Watching, desk: AlertDesk, *, weather_seconds: float) -> list[Loop]:
    """Return the loops for the chassis to run."""

    async def weather() -> None:
        try:
            await watch_weather(watching)
        finally:
            await _measure(watching)
        await asyncio.sleep(weather_seconds)

    async def forget() -> None:
        await forget_old_signups(watching.database, now=watching.now)
        await forget_needless(watching.database, now=watching.now)
        await forget_ledger(watching.database, now=watching.now)
        await asyncio.sleep(FORGET_SECONDS)

    async def lapse() -> None:
        await end_what_has_passed(desk)
        await asyncio.sleep(LAPSE_SECONDS)

    return [weather, forget, lapse]


async def _measure(watching: Watching) -> None:
    async with watching.database.reading() as session:
        states = await watch_states(session, watching.master.pools, at=watching.now(), gap=watching.gap)
    for pool, present in states.items():
        for state in WATCH_STATES:
            WEATHER_WATCH.labels(pool, state).set(int(state == present))
