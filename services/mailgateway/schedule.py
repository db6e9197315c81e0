"""Time in: each tick is one command. Sending, doubting and following run side by side, so none holds up another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import structlog

from chassis.errors import DependencyDown
from chassis.health import Health
from services.mailgateway import queries
from services.mailgateway.commands.record_statuses import record_wave
from services.mailgateway.commands.resolve_doubts import resolve_doubts
from services.mailgateway.commands.send_letters import Post, ask, reconcile, send_waiting
from services.mailgateway.domain.letter_state import LetterState
from services.mailgateway.metrics import LETTERS, PROVIDER_UP
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import WaveRow

log = structlog.stdlib.get_logger()

IDLE_SECONDS = 0.5
WATCH_SECONDS = 10.0
QUIET_SECONDS = 30.0
"""How long a wave is left alone that could not be sent: each attempt would fetch and upload megabytes."""
_SENDING = "sending"
_PROVIDER = "provider"
Tick = Callable[[], Awaitable[None]]


class Schedule:
    """The loops of this service."""

    def __init__(self, post: Post, health: Health) -> None:
        """Nothing is reconciled at the start: a process never sends before it has asked."""
        self._post = post
        self._health = health
        self._reconciled: set[int] = set()
        self._quiet_until: dict[int, float] = {}
        self._waits_for: dict[int, str] = {}

    def loops(self) -> list[Tick]:
        """Return the loops for the chassis to run."""
        settings = self._post.settings
        return [
            _every(IDLE_SECONDS, self.send),
            _every(IDLE_SECONDS, self.doubt),
            _every(settings.poll_seconds / settings.time_factor, self.follow),
            _every(WATCH_SECONDS, self.watch),
        ]

    async def send(self) -> None:
        """Send what waits, wave by wave; a wave that cannot go out does not hold up the next one."""
        async with self._post.database.reading() as session:
            waves = await letters.waves_with(session, [LetterState.WAITING])
        for wave in waves:
            if monotonic() >= self._quiet_until.get(wave.batch_id, 0.0):
                await self._send_wave(wave)
        self._tell(waves)

    async def doubt(self) -> None:
        """Take the next step for every letter in doubt."""
        async with self._post.database.reading() as session:
            waves = await letters.waves_with(session, [LetterState.INTENT])
        for wave in waves:
            await resolve_doubts(wave, self._post)

    async def follow(self) -> None:
        """Ask how far the letters are that the provider has or may have."""
        post = self._post
        async with post.database.reading() as session:
            waves = await letters.waves_with(session, [*letters.LIVE, LetterState.UNCLEAR])
        for wave in waves:
            statuses = await ask(post.provider.batch_status(wave.batch_id))
            await record_wave(wave.batch_id, statuses, database=post.database, town=post.settings.town, now=post.now)

    async def watch(self) -> None:
        """Look whether the provider answers, and count."""
        provider = await self._post.provider.health()
        PROVIDER_UP.set(0 if provider.state == "down" else 1)
        if provider.state == "down":
            self._health.pause(_PROVIDER, "Druckdienst")
        else:
            self._health.resume(_PROVIDER)
        async with self._post.database.reading() as session:
            counts = await queries.all_states(session)
        for state in LetterState:
            LETTERS.labels(state.value).set(counts.get(state.value, 0))

    async def _send_wave(self, wave: WaveRow) -> None:
        try:
            if wave.batch_id not in self._reconciled:
                await reconcile(wave, self._post)
                self._reconciled.add(wave.batch_id)
            while await send_waiting(wave, self._post):
                self._waits_for.pop(wave.batch_id, None)
        except DependencyDown as error:
            log.warning("wave.waiting", batch_id=wave.batch_id, dependency=error.dependency)
            self._quiet_until[wave.batch_id] = monotonic() + QUIET_SECONDS / self._post.settings.time_factor
            self._waits_for[wave.batch_id] = error.dependency
        else:
            self._waits_for.pop(wave.batch_id, None)

    def _tell(self, waves: Sequence[WaveRow]) -> None:
        """Let readiness name what waves with waiting letters wait for."""
        current = {wave.batch_id for wave in waves}
        self._waits_for = {batch: name for batch, name in self._waits_for.items() if batch in current}
        if self._waits_for:
            self._health.pause(_SENDING, ", ".join(sorted(set(self._waits_for.values()))))
        else:
            self._health.resume(_SENDING)


def _every(seconds: float, tick: Tick) -> Tick:
    async def loop() -> None:
        await tick()
        await asyncio.sleep(seconds)

    return loop
