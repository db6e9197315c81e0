"""Time in: the shape of the bus, the crash net and the gauges."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import structlog
from nats.errors import Error as NatsError

from chassis.clock import Clock
from chassis.health import Health
from chassis.tasks import going_on
from chassis.topology import CRASH_NET
from contracts.topology import ADVISORIES
from services.caretaker.commands.bury_crashed import bury_crashed
from services.caretaker.commands.observe import Observation
from services.caretaker.gateways.bus import Bus
from services.caretaker.gateways.shape import SystemsFile, bring_about, is_missing

log = structlog.stdlib.get_logger()

CHECK_SECONDS = 5.0
OBSERVE_SECONDS = 10.0
_GLANCE_SECONDS = 0.25
_FETCH_SECONDS = 2.0
_BATCH = 8
Tick = Callable[[], Awaitable[None]]


class Schedule:
    """The loops of the caretaker; what it looks after is there from the first of them on."""

    def __init__(self, bus: Bus, systems: SystemsFile, health: Health, now: Clock) -> None:
        """Nothing is applied yet, and readiness says so."""
        self._bus = bus
        self._systems = systems
        self._now = now
        self._observation = Observation(bus, now)
        self._applied = asyncio.Event()
        self._reconnects = 0
        health.add("topology", self._probe)

    def loops(self) -> Sequence[Tick]:
        """Return the loops for the chassis to run."""
        return [self.shape, self.net, self.observe]

    async def _probe(self) -> str | None:
        """What was applied to another server or for other systems is not applied."""
        applied = self._applied.is_set() and not await self._may_have_changed()
        return None if applied else "not applied"

    async def shape(self) -> None:
        """Bring the topology about: at the start, for new systems, and when a server has lost its store."""
        reconnects = await self._bus.reconnects()
        others = self._systems.reread()
        if others:
            self._applied.clear()
        async with self._bus.open() as context:
            certain = self._applied.is_set() and reconnects == self._reconnects and not others
            if not certain or await is_missing(context, self._systems.systems):
                self._applied.clear()
                await bring_about(context, self._systems)
                self._applied.set()
                log.info("topology.applied", systems=len(self._systems.systems.systems))
        self._reconnects = reconnects
        await self._glance_until_something_may_have_changed()

    async def _glance_until_something_may_have_changed(self) -> None:
        looked_at = monotonic()
        while going_on() and monotonic() - looked_at < CHECK_SECONDS:
            await asyncio.sleep(_GLANCE_SECONDS)
            if await self._may_have_changed():
                return

    async def _may_have_changed(self) -> bool:
        return await self._bus.reconnects() != self._reconnects or self._systems.has_changed()

    async def net(self) -> None:
        """Bury what the server has given up; an advisory is done only after that."""
        await self._applied.wait()
        async with self._bus.open() as context:
            subscription = await context.pull_subscribe_bind(CRASH_NET, stream=ADVISORIES)
            try:
                while going_on():
                    try:
                        advisories = await subscription.fetch(_BATCH, timeout=_FETCH_SECONDS)
                    except TimeoutError:
                        continue
                    for each in advisories:
                        await bury_crashed(context, each.data, now=self._now)
                        await each.ack()
            finally:
                await _unsubscribed(subscription.unsubscribe)

    async def observe(self) -> None:
        """Look at the bus."""
        await self._applied.wait()
        await self._observation.look()
        if going_on():
            await asyncio.sleep(OBSERVE_SECONDS)


async def _unsubscribed(unsubscribe: Tick) -> None:
    """An outage here must not hide what came before it."""
    try:
        await unsubscribe()
    except (NatsError, OSError) as error:
        log.debug("caretaker.not_unsubscribed", reason=type(error).__name__)
