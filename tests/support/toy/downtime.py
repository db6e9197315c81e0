"""An hour without a database, compressed: so many waits for an acknowledgement as an hour has."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

from sqlalchemy import func, select

from chassis.tables import InboxFailure
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from contracts.topology import ADVISORIES
from tests.support.consumers import publish
from tests.support.databases import opened
from tests.support.events import a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus, Peer
from tests.support.postgres import Postgres
from tests.support.toy.effects import DURABLE
from tests.support.toy.ordeal import effects_per_event
from tests.support.toy.town import ToyService, ToyTown

ACK_WAIT_SECONDS = 0.5
IMPATIENT = {"handling_seconds": "0.05", "heartbeat_seconds": "0.15", "retry_after": "[0.1, 0.2, 0.2, 0.2, 0.2]"}


@dataclass
class Downtime:
    """A consumer whose database is away, and what waits for it meanwhile."""

    town: ToyTown
    bus: Bus
    postgres: Postgres
    sender: Peer
    seconds: float
    url: str
    events: list[CloudEvent[NoticeGenerated]] = field(default_factory=list[CloudEvent[NoticeGenerated]])

    async def endure(self) -> None:
        """Stop the database in the middle of the work; kill and restart everything else while it is away."""
        service = await self._at_work()
        self.postgres.halt()
        gone = monotonic()
        await eventually(lambda: waits(service))
        await self._send(20)
        await self._wait_for_part(0.3, since=gone)
        self.bus.server.child.kill()
        self.bus.server.start()
        await eventually(lambda: self._send_more(20))
        await self._wait_for_part(0.85, since=gone)
        assert await waits(service)
        service.child.kill()
        service = self._begin()
        await self._wait_for_part(0.95, since=gone)
        await eventually(lambda: alive(service))
        assert service.child.stop() == 0
        service = self._begin()
        await self._wait_for_part(1, since=gone)
        self.postgres.start()
        await eventually(self._all_done, seconds=60)
        await eventually(service.ready)

    async def _at_work(self) -> ToyService:
        service = self._begin()
        await eventually(service.ready)
        await self.bus.shorten_ack_wait(DURABLE, seconds=ACK_WAIT_SECONDS)
        await self._send(100)
        await eventually(lambda: at_work(service))
        return service

    def _begin(self) -> ToyService:
        return self.town.begin("accounts", database_url=self.url, **IMPATIENT)

    async def _send(self, number: int) -> None:
        events = [a_notice_generated() for _ in range(number)]
        await publish(self.sender, *events)
        self.events += events

    async def _send_more(self, number: int) -> bool:
        await self._send(number)
        return True

    async def _wait_for_part(self, part: float, *, since: float) -> None:
        await asyncio.sleep(max(0, since + part * self.seconds - monotonic()))

    async def _all_done(self) -> bool:
        info = await (await self.bus.caretaker()).stream.consumer_info("NOTICES", DURABLE)
        return not info.num_pending and not info.num_ack_pending and await self._all_told()

    async def _all_told(self) -> bool:
        return await self.bus.count("ACCOUNTS") >= len(self.events)

    async def assert_nothing_was_buried(self) -> None:
        """Each event has its one effect; no failure was counted and nothing given up."""
        assert await effects_per_event(self.url) == Counter(event.key() for event in self.events)
        assert await self.bus.count("ACCOUNTS") == len(self.events)
        assert (await self.bus.count("DLQ"), await self.bus.count(ADVISORIES)) == (0, 0)
        async with opened(self.url, with_tables=False) as database, database.reading() as session:
            assert await session.scalar(select(func.count(InboxFailure.event_key))) == 0


async def alive(service: ToyService) -> bool:
    """It has begun, and hears signals."""
    return (await service.get("/livez")).is_success


async def waits(service: ToyService) -> bool:
    """Readiness tells what the consumer waits for."""
    problems = (await service.get("/readyz")).json()["problems"]
    return problems.get(f"consumer {DURABLE}") == "waits for database"


async def at_work(service: ToyService) -> bool:
    """Some of the work is done, and most is not."""
    return await service.effects() >= 10
