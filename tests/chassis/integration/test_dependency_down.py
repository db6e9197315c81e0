"""Something that handling needs is away: no failure of the message, which is held until it is back."""

from __future__ import annotations

import asyncio
from time import monotonic
from uuid import uuid4

from chassis.consumer import Consuming, consume
from chassis.errors import DependencyDown
from chassis.failures import ALONE_DELIVERY, DeliveryCount, FailureCount
from chassis.health import Health
from chassis.metrics import REGISTRY
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.notices import ChunkRendered
from tests.support.consumers import Attempts, accounts_consumes, come_back, publish, settled
from tests.support.events import NOW, TOWN, a_delivery_routed, a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.toy.effects import DURABLE

PERSON = "Erika Mustermann"


async def test_a_dependency_that_is_away_counts_nothing_and_stops_the_fetching(bus: Bus) -> None:
    failures = DeliveryCount()
    away = [True]

    def work(_number: int) -> None:
        if away[0]:
            raise DependencyDown("provider")

    peer = await accounts_consumes(bus, Attempts(work), failures=failures)
    await publish(await bus.peer("notices"), *(a_notice_generated() for _ in range(30)))
    await eventually(lambda: is_paused(peer.health))

    info = await (await bus.caretaker()).stream.consumer_info("NOTICES", DURABLE)
    assert info.num_ack_pending is not None
    assert info.num_ack_pending <= 8
    assert REGISTRY.get_sample_value("rathaus_consumer_paused", {"durable": DURABLE}) == 1
    away[0] = False
    await eventually(lambda: settled(bus))
    assert f"consumer {DURABLE}" not in await peer.health.problems()
    assert REGISTRY.get_sample_value("rathaus_consumer_paused", {"durable": DURABLE}) == 0
    assert (vars(failures)["_counts"], await bus.count("DLQ")) == ({}, 0)


async def test_a_failure_that_cannot_be_counted_is_held_until_it_can(bus: Bus) -> None:
    class Ledger(DeliveryCount):
        away = True

        async def add(self, durable: str, key: str, reason: str) -> FailureCount:
            if self.away:
                raise DependencyDown("database")
            return await super().add(durable, key, reason)

    def fail_once(number: int) -> None:
        if number == 1:
            raise KeyError(PERSON)

    ledger, attempts = Ledger(), Attempts(fail_once)
    await bus.shorten_ack_wait(DURABLE, seconds=0.5)
    peer = await accounts_consumes(bus, attempts, failures=ledger, heartbeat_seconds=0.1)
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: tells_of(peer.health, "waits for database"))
    await asyncio.sleep(2.5)

    assert (attempts.number, await deliveries(bus)) == (1, 1)
    ledger.away = False
    await eventually(lambda: settled(bus))
    assert (attempts.number, await bus.count("DLQ")) == (2, 0)


async def tells_of(health: Health, problem: str, *, durable: str = DURABLE) -> bool:
    return (await health.problems()).get(f"consumer {durable}") == problem


async def deliveries(bus: Bus) -> int:
    info = await (await bus.caretaker()).stream.consumer_info("NOTICES", DURABLE)
    return info.delivered.consumer_seq if info.delivered is not None else 0


async def is_paused(health: Health) -> bool:
    return await tells_of(health, "waits for provider")


async def test_a_paused_consumer_does_not_hold_up_the_end_of_its_process(bus: Bus) -> None:
    def away(_number: int) -> None:
        raise DependencyDown("provider")

    peer = await accounts_consumes(bus, Attempts(away))
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: is_paused(peer.health))

    started = monotonic()
    peer.health.stopping = True
    await peer.broker.stop()

    assert monotonic() - started < 3


async def test_a_suspect_that_waits_for_a_dependency_holds_nobody_up(bus: Bus) -> None:
    chunk = ChunkRendered(run_id=uuid4(), chunk=0, generation=0, manifest="0", rendered=1, failed=0)
    handled: list[type[Message]] = []

    async def wait_for_chunk(event: CloudEvent[DeliveryRouted]) -> None:
        if ChunkRendered not in handled:
            raise DependencyDown("provider")
        handled.append(type(event.data))

    async def handle_chunk(event: CloudEvent[ChunkRendered]) -> None:
        handled.append(type(event.data))

    await publish(await bus.peer("accounts"), a_delivery_routed())
    await come_back(bus, "notices-routing", times=ALONE_DELIVERY - 1)
    peer = await bus.peer("notices")
    consuming = Consuming(peer.broker, "notices", peer.health, DeliveryCount())
    consume(consuming, "notices-routing", {DeliveryRouted: wait_for_chunk})
    consume(consuming, "notices-chunks", {ChunkRendered: handle_chunk})
    await peer.broker.start()
    peer.health.started = False
    await eventually(lambda: tells_of(peer.health, "waits for provider", durable="notices-routing"))
    rendered = envelope(chunk, source=source_of(TOWN, "notices"), aggregate="1", sequence=1, time=NOW)
    await publish(await bus.peer("notices_render"), rendered)

    async def both_handled() -> bool:
        return handled == [ChunkRendered, DeliveryRouted]

    await eventually(both_handled)
