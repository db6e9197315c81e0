"""Time in: each tick is one command. Sending, doubting and following run side by side, so none holds up another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from chassis.health import Health
from services.mailgateway import queries
from services.mailgateway.commands.record_statuses import record_statuses
from services.mailgateway.commands.resolve_doubts import resolve_doubts
from services.mailgateway.commands.send_letters import Post, ask, reconcile, send_waiting
from services.mailgateway.domain.letter_state import LetterState
from services.mailgateway.metrics import LETTERS, PROVIDER_UP
from services.mailgateway.storage import letters

IDLE_SECONDS = 0.5
WATCH_SECONDS = 10.0
_SENDING = "sending"


class Schedule:
    """The loops of this service."""

    def __init__(self, post: Post, health: Health) -> None:
        """Nothing is reconciled at the start: a process never sends before it has asked."""
        self._post = post
        self._health = health
        self._reconciled: set[int] = set()

    def loops(self) -> list[Callable[[], Awaitable[None]]]:
        """Return the loops for the chassis to run."""
        return [self._send, self._doubt, self._follow, self._watch]

    async def _send(self) -> None:
        async with self._post.database.reading() as session:
            waves = await letters.waves_with(session, [LetterState.WAITING])
        for wave in waves:
            if wave.batch_id not in self._reconciled:
                await reconcile(wave, self._post)
                self._reconciled.add(wave.batch_id)
            while await send_waiting(wave, self._post):
                self._health.resume(_SENDING)
        await asyncio.sleep(IDLE_SECONDS)

    async def _doubt(self) -> None:
        async with self._post.database.reading() as session:
            waves = await letters.waves_with(session, [LetterState.INTENT])
        for wave in waves:
            await resolve_doubts(wave, self._post)
        await asyncio.sleep(IDLE_SECONDS)

    async def _follow(self) -> None:
        post = self._post
        async with post.database.reading() as session:
            waves = await letters.waves_with(session, [*letters.LIVE, LetterState.UNCLEAR])
        for wave in waves:
            statuses = await ask(post.provider.batch_status(wave.batch_id))
            await record_statuses(statuses, database=post.database, town=post.settings.town, now=post.now)
        await asyncio.sleep(post.settings.poll_seconds / post.settings.time_factor)

    async def _watch(self) -> None:
        provider = await self._post.provider.health()
        PROVIDER_UP.set(0 if provider.state == "down" else 1)
        if provider.state == "down":
            self._health.pause(_SENDING, "Druckdienst")
        else:
            self._health.resume(_SENDING)
        async with self._post.database.reading() as session:
            counts = await queries.all_states(session)
        for state in LetterState:
            LETTERS.labels(state.value).set(counts.get(state.value, 0))
        await asyncio.sleep(WATCH_SECONDS)
