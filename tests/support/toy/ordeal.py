"""An ordeal for the toy service: killed in the middle of its work, again and again, with poison among its messages."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from sqlalchemy import func, select

from chassis.dead_letters import key_of
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from contracts.topology import CARETAKER
from tests.support.databases import opened
from tests.support.events import a_delivery_routed, a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus, Peer, bus_of
from tests.support.processes import Child, free_port
from tests.support.toy.effects import DURABLE
from tests.support.toy.main import DEADLY, UNWELCOME
from tests.support.toy.storage.tables import Effect
from tests.support.toy.town import ToyService, ToyTown

HANDLING_SECONDS = 0.05
IMPATIENT = {
    "handling_seconds": str(HANDLING_SECONDS),
    "heartbeat_seconds": "0.3",
    "retry_after": "[0.1, 0.2, 0.2, 0.2, 0.2]",
}
ACK_WAIT_SECONDS = 1.0
IDLE_SECONDS = 0.2
UNREADABLE = (
    b"{",
    b"\xff\xfe",
    b'{"data": {"kind": "Erika Mustermann"}}',
    b"[]",
    a_delivery_routed().model_dump_json().encode(),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    events: int
    kills: int
    bus_kills: int
    deadly: int
    failing: int = 4


@dataclass
class Ordeal:
    """What was sent, and what has happened to the service meanwhile."""

    town: ToyTown
    bus: Bus
    sender: Peer
    size: Size
    chance: random.Random
    good: list[CloudEvent[NoticeGenerated]] = field(default_factory=list[CloudEvent[NoticeGenerated]])
    failing: list[CloudEvent[NoticeGenerated]] = field(default_factory=list[CloudEvent[NoticeGenerated]])
    deadly: list[CloudEvent[NoticeGenerated]] = field(default_factory=list[CloudEvent[NoticeGenerated]])
    kills: int = 0
    bus_kills: int = 0
    deaths_by_poison: int = 0
    _lives: int = 0

    async def endure(self) -> None:
        """Live through it, to the end of the last message."""
        self.failing += [a_notice_generated(kind=UNWELCOME) for _ in range(self.size.failing)]
        self.deadly += [a_notice_generated(kind=DEADLY) for _ in range(self.size.deadly)]
        poison_at = self.size.kills // 4
        while self.kills < self.size.kills:
            await self._send_good(self.size.events // self.size.kills)
            if self.kills == poison_at:
                await self._send_poison()
                poison_at = -1
            await self._impatient_bus()
            await self._live_and_be_killed()
        await self._live_on()

    def told(self) -> str:
        """Say what happened in one line."""
        letters = len(UNREADABLE) + len(self.failing) + len(self.deadly)
        sent = f"valid: {len(self.good)}, poison: {letters}"
        return f"{sent}, killed: {self.kills}, bus killed: {self.bus_kills}, died of poison: {self.deaths_by_poison}"

    async def _send_good(self, number: int) -> None:
        events = [a_notice_generated() for _ in range(number)]
        self.good += events
        await self._send(events)

    async def _send_poison(self) -> None:
        for number, body in enumerate(UNREADABLE):
            await self._until_acknowledged(body, f"unreadable {number}")
        await self._send([*self.failing, *self.deadly])

    async def _send(self, events: list[CloudEvent[NoticeGenerated]]) -> None:
        for event in events:
            await self._until_acknowledged(event.model_dump_json().encode(), event.key())

    async def _until_acknowledged(self, body: bytes, message_id: str) -> None:
        """Do what an outbox does: send with the same id until the bus has it."""

        async def acknowledged() -> bool:
            headers = {"Nats-Msg-Id": message_id, "content-type": "application/json"}
            return bool(await self.sender.stream.publish(NoticeGenerated.subject, body, headers=headers))

        await eventually(acknowledged)

    async def _impatient_bus(self) -> None:
        """Whoever applies the topology anew restores its patience."""

        async def shortened() -> bool:
            await self.bus.shorten_ack_wait(DURABLE, seconds=ACK_WAIT_SECONDS)
            return True

        await eventually(shortened)

    def _begin(self) -> tuple[ToyService, Path]:
        self._lives += 1
        journal = self.town.folder / f"journal-{self._lives}"
        return self.town.begin("accounts", journal=str(journal), **IMPATIENT), journal

    async def _live_and_be_killed(self) -> None:
        """Work for a while and be killed in the middle of it, unless the poison is faster."""
        service, journal = self._begin()
        pause = self.chance.uniform(0.1, 1)
        while await self._at_work(service, journal):
            await asyncio.sleep(pause)
            pause = self.chance.uniform(0, HANDLING_SECONDS)
            if under_way(journal):
                await self._kill(service, journal)
                return

    async def _at_work(self, service: ToyService, journal: Path) -> bool:
        """Wait until handlers are under way; False when the process has died of itself."""
        idle_since = monotonic()
        while service.child.process.poll() is None:
            if under_way(journal):
                return True
            if journal.exists() and monotonic() - idle_since > IDLE_SECONDS:
                await self._send_good(20)
            await asyncio.sleep(0.005)
        self.deaths_by_poison += 1
        return False

    async def _kill(self, service: ToyService, journal: Path) -> None:
        if self.bus_kills < self.size.bus_kills * self.kills / self.size.kills:
            self.bus.server.child.kill()
            self.bus_kills += 1
            await asyncio.sleep(0.2)
            self.bus.server.start()
        service.child.kill()
        self.kills += under_way(journal) > 0

    async def _live_on(self) -> None:
        """Live until everything has its outcome; poison may still kill."""
        service, _ = self._begin()

        async def all_done() -> bool:
            nonlocal service
            if service.child.process.poll() is not None:
                self.deaths_by_poison += 1
                service, _ = self._begin()
            info = await (await self.bus.caretaker()).stream.consumer_info("NOTICES", DURABLE)
            return not info.num_pending and not info.num_ack_pending and await self._all_known()

        await eventually(all_done, seconds=120)
        service.child.stop()

    async def _all_known(self) -> bool:
        letters = len(UNREADABLE) + len(self.failing) + len(self.deadly)
        return await self.bus.count("DLQ") >= letters and await self.bus.count("ACCOUNTS") >= len(self.good)


def under_way(journal: Path) -> int:
    """How many handlers have begun and not ended."""
    if not journal.exists():
        return 0
    written = journal.read_bytes()
    return written.count(b"(") - written.count(b")")


async def effects_per_event(url: str) -> Counter[str]:
    """How many effects each event has."""
    async with opened(url, with_tables=False) as database, database.reading() as session:
        rows = await session.execute(select(Effect.event_key, func.count(Effect.id)).group_by(Effect.event_key))
        return Counter({str(key): int(number) for key, number in rows})


async def letters_by_content(bus: Bus) -> Counter[tuple[str, str]]:
    """Reason, and event key or else body, of each dead letter."""
    found: Counter[tuple[str, str]] = Counter()
    for _, headers, body in await bus.messages("DLQ"):
        found[headers["x-dlq-reason"].split(":")[0], key_of(body) or body.decode(errors="replace")] += 1
    return found


@asynccontextmanager
async def ordeal(town: ToyTown, size: Size, *, seed: int) -> AsyncGenerator[Ordeal]:
    """Prepare an ordeal with a bus of its own and the caretaker, who buries what kills its process."""
    town.nats.start()
    async with bus_of(town.nats) as bus:
        caretaker = _caretaker(town)
        try:
            chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
            yield Ordeal(town, bus, await bus.peer("notices"), size, chance)
        finally:
            caretaker.stop()


def _caretaker(town: ToyTown) -> Child:
    env = {
        **os.environ,
        "CARETAKER_NATS_URL": town.nats.url,
        "CARETAKER_NATS_SEED_FILE": str(town.nats.home.seed_file(CARETAKER)),
        "CARETAKER_HTTP_PORT": str(free_port()),
    }
    command = [sys.executable, "-m", "services.caretaker.main"]
    return Child(command, log=town.folder / "caretaker.log", env=env)


async def assert_each_has_its_one_outcome(endured: Ordeal) -> None:
    """Each valid event has one effect and one follow-up; the dead letters hold the poison, each once."""
    effects = await effects_per_event(endured.town.database_url("accounts"))
    letters = await letters_by_content(endured.bus)

    assert effects == Counter(event.key() for event in endured.good)
    assert await endured.bus.count("ACCOUNTS") == len(endured.good)
    assert letters == Counter(
        [
            *(("KeyError", event.key()) for event in endured.failing),
            *(("crashed", event.key()) for event in endured.deadly),
            *(("invalid", key_of(body) or body.decode(errors="replace")) for body in UNREADABLE),
        ]
    )
