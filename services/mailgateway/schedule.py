"""Time in: each tick is one command. Sending, doubting and following run side by side, so none holds up another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import structlog

from chassis.errors import DependencyDown
from chassis.health import Health
from services.mailgateway.commands.post import Post, ask_wave
from services.mailgateway.commands.reconcile_levy import Reconciliation
from services.mailgateway.commands.resolve_doubts import resolve_doubts
from services.mailgateway.commands.send_letters import send_waiting
from services.mailgateway.domain.letter_state import LetterState
from services.mailgateway.gateways.provider import ProviderFailure
from services.mailgateway.metrics import LETTERS, PROVIDER_UP, WITHOUT_DOCUMENT
from services.mailgateway.queries.counts import all_states, without_document
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import WaveRow

log = structlog.stdlib.get_logger()

IDLE_SECONDS = 0.5
WATCH_SECONDS = 10.0
QUIET_SECONDS = 30.0
"""How long a wave is left alone after a failure: each attempt would fetch and upload megabytes, or ask in vain."""
_PROVIDER = "provider"
Tick = Callable[[], Awaitable[None]]
Step = Callable[[WaveRow], Awaitable[None]]


class _Round:
    """Goes over waves; one that fails is left alone for a while, is named by readiness, and holds up no other."""

    def __init__(self, name: str, health: Health, quiet_seconds: float) -> None:
        self._name = name
        self._health = health
        self._quiet_seconds = quiet_seconds
        self._quiet_until: dict[int, float] = {}
        self._waits_for: dict[int, str] = {}

    async def over(self, waves: Sequence[WaveRow], step: Step) -> None:
        """Take a step for every wave that is not left alone."""
        for wave in waves:
            if monotonic() >= self._quiet_until.get(wave.batch_id, 0.0):
                await self._try(wave, step)
        present = {wave.batch_id for wave in waves}
        self._waits_for = {batch: what for batch, what in self._waits_for.items() if batch in present}
        if self._waits_for:
            self._health.pause(self._name, "; ".join(sorted(set(self._waits_for.values()))))
        else:
            self._health.resume(self._name)

    async def _try(self, wave: WaveRow, step: Step) -> None:
        try:
            await step(wave)
        except DependencyDown as error:
            cause = error.__cause__
            reason = str(cause) if isinstance(cause, ProviderFailure) else type(cause).__name__
            log.warning(
                "wave.waiting", batch_id=wave.batch_id, task=self._name, dependency=error.dependency, reason=reason
            )
            self._leave_alone(wave, error.dependency)
        except Exception:
            log.exception("wave.failed", batch_id=wave.batch_id, task=self._name)
            self._leave_alone(wave, "Fehlerbehebung (siehe Protokoll)")
        else:
            self._waits_for.pop(wave.batch_id, None)

    def _leave_alone(self, wave: WaveRow, dependency: str) -> None:
        self._quiet_until[wave.batch_id] = monotonic() + self._quiet_seconds
        self._waits_for[wave.batch_id] = f"{dependency}, {wave.kind} {wave.year}"


class Schedule:
    """The loops of this service."""

    def __init__(self, post: Post, health: Health) -> None:
        """Nothing is reconciled at the start: a process never sends before it has asked."""
        self._post = post
        self._health = health
        self._reconciliation = Reconciliation(post)
        quiet = QUIET_SECONDS / post.settings.time_factor
        self._sending = _Round("sending", health, quiet)
        self._doubting = _Round("doubting", health, quiet)
        self._following = _Round("following", health, quiet)

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
        """Send what waits, wave by wave."""
        async with self._post.database.reading() as session:
            waves = await letters.waves_with(session, [LetterState.WAITING])
        await self._sending.over(waves, self._send_wave)

    async def doubt(self) -> None:
        """Take the next step for every letter in doubt."""
        async with self._post.database.reading() as session:
            waves = await letters.waves_with(session, [LetterState.INTENT])
        await self._doubting.over(waves, self._doubt_wave)

    async def follow(self) -> None:
        """Ask how far the letters are that the provider has or may have."""
        async with self._post.database.reading() as session:
            waves = await letters.unsettled_waves(session)
        await self._following.over(waves, self._follow_wave)

    async def watch(self) -> None:
        """Look whether the provider answers, and count."""
        provider = await self._post.provider.health()
        PROVIDER_UP.set(0 if provider.state == "down" else 1)
        if provider.state == "down":
            self._health.pause(_PROVIDER, "Druckdienst")
        else:
            self._health.resume(_PROVIDER)
        async with self._post.database.reading() as session:
            counts = await all_states(session)
            WITHOUT_DOCUMENT.set(await without_document(session))
        for state in LetterState:
            LETTERS.labels(state.value).set(counts.get(state.value, 0))

    async def _send_wave(self, wave: WaveRow) -> None:
        while await send_waiting(wave, self._post, self._reconciliation):
            pass

    async def _doubt_wave(self, wave: WaveRow) -> None:
        await resolve_doubts(wave, self._post)

    async def _follow_wave(self, wave: WaveRow) -> None:
        await ask_wave(wave.batch_id, self._post)


def _every(seconds: float, tick: Tick) -> Tick:
    async def loop() -> None:
        await tick()
        await asyncio.sleep(seconds)

    return loop
