"""A consumer of the topology with a handler that a test gives it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chassis.consumer import Consuming, DeliveryCount, Failures, consume
from contracts.base import CloudEvent, Message
from contracts.notices import NoticeGenerated
from tests.support.nats import Bus, Peer
from tests.support.toy.effects import DURABLE

QUICK_RETRIES = (0.05, 0.1, 0.1, 0.1, 0.1)
Handler = Callable[[CloudEvent[NoticeGenerated]], Awaitable[None]]


async def accounts_consumes(
    bus: Bus,
    handler: Handler,
    *,
    failures: Failures | None = None,
    retry_after: tuple[float, ...] = QUICK_RETRIES,
    heartbeat_seconds: float = 10,
) -> Peer:
    """Start a replica of the identity accounts with its one durable."""
    peer = await bus.peer("accounts")
    consuming = Consuming(
        peer.broker,
        "accounts",
        peer.health,
        failures or DeliveryCount(),
        retry_after=retry_after,
        heartbeat_seconds=heartbeat_seconds,
    )
    consume(consuming, DURABLE, {NoticeGenerated: handler})
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

    async def __call__(self, event: CloudEvent[NoticeGenerated]) -> None:
        """Handle."""
        del event
        self.number += 1
        self.then(self.number)
