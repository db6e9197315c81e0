"""Brings announcements to people: who is told goes into the ledger, then out over mail relay and push services.

One process at a time does it, by a lease. A row is `sending` before its letter leaves and gets its result after; so
after a kill at most the window goes out again, with the same Message-IDs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.lease import Lease
from chassis.tasks import going_on
from services.subscriptions.commands import expand
from services.subscriptions.commands.hand_over import Crew, Way
from services.subscriptions.commands.window import Window
from services.subscriptions.domain.announcing import Channel
from services.subscriptions.domain.lanes import Lanes
from services.subscriptions.gateways.handover import Handover
from services.subscriptions.metrics import DELIVERIES_WAITING, HOSTS_PAUSED, RELAY_UP, UNCERTAIN
from services.subscriptions.settings import SubscriptionsSettings
from services.subscriptions.storage import ledger

log = structlog.stdlib.get_logger()

GATHER_SECONDS = 0.03
IDLE_SECONDS = 0.5
WATCH_SECONDS = 0.5
OBSERVE_SECONDS = 5.0
READ_AGAIN_SECONDS = 60.0
STOP_SECONDS = 3.0
PUSHES_AT_ONCE = 16
SHARE = 64
"""The most places of the window that one host may have."""


class Fanout:
    """The loops of the fan-out, for one process."""

    def __init__(
        self, database: Database, mail: Handover, push: Handover, settings: SubscriptionsSettings, now: Clock
    ) -> None:
        """Prepare."""
        self._database = database
        self._ways: dict[Channel, Way] = {
            "email": Way(mail, settings.mail_connections, settings.mail_per_host),
            "push": Way(push, PUSHES_AT_ONCE, PUSHES_AT_ONCE),
        }
        self._now = now
        self._lease = Lease(database, name="fanout")
        self._announced = asyncio.Event()
        self._begin()

    def _begin(self) -> None:
        """Know nothing of what was on its way before."""
        mail = self._ways["email"]
        self._led: int | None = None
        self._begun: set[int] = set()
        self._finished_at = 0
        self._lanes = Lanes(largest_share=SHARE, doubtful_together=max(1, mail.at_once // 2))
        self._window = Window(self._database, self._lease, now=self._now, lanes=self._lanes, gently=mail.per_host)
        self._crew = Crew(
            self._ways,
            told=self._window.told,
            closed=lambda channel: channel == "email" and self._lanes.away(at=monotonic()),
        )

    def wake(self) -> None:
        """Look for announcements now."""
        self._announced.set()

    async def loop(self) -> None:
        """Run until cancelled; then let what is on its way arrive, and give the rest and the lease back."""
        self._begin()
        crew = asyncio.ensure_future(self._crew.work())
        leading = asyncio.ensure_future(self._lease.keep(on_taken=self._window.work.set))
        try:
            async with asyncio.TaskGroup() as group:
                for step in (self._expanding, self._turning, self._watching):
                    group.create_task(self._again_and_again(step))
                # Not cancelled with the others: results are written down after them.
                ended, _ = await asyncio.wait((crew, leading), return_when=asyncio.FIRST_COMPLETED)
                for each in ended:
                    each.result()
        finally:
            try:
                with contextlib.suppress(DependencyDown, ledger.LeaseLostError):
                    await self._crew.wind_up(seconds=STOP_SECONDS)
                    await self._window.turn(self._crew.put, taking=False)
            finally:
                for each in (crew, leading):
                    each.cancel()
                await asyncio.gather(crew, leading, return_exceptions=True)

    async def _again_and_again(self, step: Callable[[], Awaitable[None]]) -> None:
        while going_on():
            try:
                await step()
            except (DependencyDown, ledger.LeaseLostError) as error:
                log.warning("fanout.waiting", reason=type(error).__name__)
                await asyncio.sleep(IDLE_SECONDS)

    async def _turning(self) -> None:
        await _set_or_late(self._window.work, seconds=GATHER_SECONDS if not self._window.resting else IDLE_SECONDS)
        if not self._lease.held:
            return
        if self._led != self._lease.token:
            await self._begin_term()
        await self._window.turn(self._crew.put)

    async def _begin_term(self) -> None:
        token = self._lease.token
        UNCERTAIN.inc(await expand.take_over(self._database, self._lease))
        await self._make_room()
        self._led = token
        self._announced.set()

    async def _expanding(self) -> None:
        work = await expand.next_expanding(self._database) if self._leading else None
        if work is None:
            await _set_or_late(self._announced, seconds=IDLE_SECONDS)
            return
        begun = work.announcement_id in self._begun
        if not begun and work.earlier:
            await self._make_room()
        size = expand.PIECE if begun else expand.FIRST_PIECE
        going_on = await expand.expand(work, self._database, self._lease, now=self._now, size=size)
        self._begun = self._begun | {work.announcement_id} if going_on else self._begun - {work.announcement_id}
        self._window.grown(work.urgency)

    async def _make_room(self) -> None:
        """Take out of the queue what a new announcement replaces, or nobody would be told the news before it."""
        while await expand.clear_superseded(self._database, self._lease):
            pass
        self._window.begin_again()

    @property
    def _leading(self) -> bool:
        return self._lease.held and self._led == self._lease.token

    async def _watching(self) -> None:
        """Watch over hosts that take long, over what is done, and over the figures."""
        observed = read_again = monotonic()
        while going_on():
            await asyncio.sleep(WATCH_SECONDS)
            for lane in self._crew.stalling():
                self._lanes.stalls(lane)
            RELAY_UP.set(not self._lanes.relay_missing)
            HOSTS_PAUSED.set(self._lanes.paused(at=monotonic()))
            if not self._leading:
                continue
            if self._window.drained:
                await self._finish()
            if monotonic() - observed > OBSERVE_SECONDS:
                observed = monotonic()
                await self._observe()
            if self._window.resting and monotonic() - read_again > READ_AGAIN_SECONDS:
                read_again = monotonic()
                self._window.begin_again()

    async def _observe(self) -> None:
        async with self._database.reading() as session:
            waiting = await ledger.depth(session)
        for urgency in (0, 1, 2):
            DELIVERIES_WAITING.labels(str(urgency)).set(waiting.get(urgency, 0))
        dropped = False
        while await expand.drop_late(self._database, self._lease, now=self._now):
            dropped = True
        if dropped:
            self._window.begin_again()
        await self._finish()

    async def _finish(self) -> None:
        seen = self._window.changes
        if seen != self._finished_at:
            await expand.finish(self._database, self._lease)
            self._finished_at = seen


async def _set_or_late(event: asyncio.Event, *, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()
