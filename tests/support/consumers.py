"""A consumer of the topology with a handler that a test gives it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from nats.aio.msg import Msg

from chassis.consumer import Consuming, ForeignHandler, consume, consume_foreign
from chassis.failures import DeliveryCount, Failures
from contracts.base import CloudEvent, Message
from contracts.topology import durable
from tests.support.nats import Bus, Peer
from tests.support.toy.effects import DURABLE

QUICK_RETRIES = (0.05, 0.1, 0.1, 0.1, 0.1)
Handler = Callable[[CloudEvent[Any]], Awaitable[None]]


async def accounts_consumes(
    bus: Bus,
    handler: Handler,
    *,
    failures: Failures | None = None,
    retry_after: tuple[float, ...] = QUICK_RETRIES,
    heartbeat_seconds: float = 10,
) -> Peer:
    """Start a replica of the identity accounts with its one durable."""
    return await consumes(
        bus, DURABLE, handler, failures=failures, retry_after=retry_after, heartbeat_seconds=heartbeat_seconds
    )


async def consumes(
    bus: Bus,
    name: str,
    handler: Handler,
    *,
    failures: Failures | None = None,
    retry_after: tuple[float, ...] = QUICK_RETRIES,
    heartbeat_seconds: float = 10,
) -> Peer:
    """Start a replica with one durable of our own messages, all for the same handler."""
    peer, consuming = await _consuming(bus, name, failures)
    consuming = replace(consuming, retry_after=retry_after, heartbeat_seconds=heartbeat_seconds)
    consume(consuming, name, dict.fromkeys(durable(name).messages, handler))
    return await _started(peer)


async def intake_consumes(bus: Bus, handler: ForeignHandler, *, failures: Failures | None = None) -> Peer:
    """Start a replica of the identity intake with its door."""
    peer, consuming = await _consuming(bus, "intake-door", failures)
    consume_foreign(consuming, "intake-door", handler)
    return await _started(peer)


async def _consuming(bus: Bus, name: str, failures: Failures | None) -> tuple[Peer, Consuming]:
    identity = durable(name).identity
    peer = await bus.peer(identity)
    counting = failures or DeliveryCount()
    return peer, Consuming(peer.broker, identity, peer.health, counting, retry_after=QUICK_RETRIES)


async def _started(peer: Peer) -> Peer:
    await peer.broker.start()
    peer.health.started = False  # the test ends connections itself, which would end a started process
    return peer


async def publish(peer: Peer, *events: CloudEvent[Message]) -> None:
    """Bring events to the bus as an outbox relay would."""
    headers = {"content-type": "application/json"}
    for event in events:
        body = event.model_dump_json().encode()
        await peer.stream.publish(event.data.subject, body, headers={"Nats-Msg-Id": event.key(), **headers})


@dataclass
class Attempts:
    """Counts calls and does what the test wants in each."""

    then: Callable[[int], None]
    number: int = 0

    async def __call__(self, event: CloudEvent[Any]) -> None:
        """Handle."""
        del event
        self.number += 1
        self.then(self.number)


async def settled(bus: Bus) -> bool:
    """Everything was delivered to accounts, nothing waits and nothing is under way."""
    stream = (await bus.caretaker()).stream
    last = (await stream.stream_info("NOTICES")).state.last_seq
    info = await stream.consumer_info("NOTICES", DURABLE)
    delivered = info.delivered.stream_seq if info.delivered is not None else 0
    return delivered >= last and not info.num_pending and not info.num_ack_pending


async def come_back(bus: Bus, name: str, *, times: int, messages: int = 1) -> None:
    """Let messages be delivered without an outcome, as to a process that dies of them."""
    declared = durable(name)
    peer = await bus.peer(declared.identity)
    inbox = f"_INBOX_{declared.identity}.".encode()
    consumer = await peer.stream.pull_subscribe_bind(name, stream=declared.stream, inbox_prefix=inbox)
    for _ in range(times):
        fetched: list[Msg] = []
        while len(fetched) < messages:
            fetched += await consumer.fetch(messages - len(fetched), timeout=5)
        for message in fetched:
            await message.nak()
    await consumer.unsubscribe()
