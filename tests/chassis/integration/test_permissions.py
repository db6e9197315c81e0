"""The permissions generated from the topology: everybody may do what they must.

That they may do nothing else is in `test_forbidden.py`.
"""

from __future__ import annotations

import asyncio

import pytest
from nats.errors import Error as NatsError
from nats.js.api import DiscardPolicy

from chassis import topology
from chassis.bus import jetstream
from chassis.health import Health
from contracts.base import Message
from contracts.topology import (
    ACK_WAIT,
    DEAD_LETTERS,
    DURABLES,
    KEPT,
    KEPT_AGE,
    MAX_DELIVER,
    PUBLISHERS,
    Durable,
    stream_of,
)
from tests.support.nats import Bus, Peer


async def tells_of_violation(health: Health) -> bool:
    return "bus permissions" in await health.problems()


async def test_without_a_key_nobody_comes_in(bus: Bus) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", bus.server.port)

    await reader.readline()
    writer.write(b'CONNECT {"verbose":true}\r\nPING\r\n')
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()

    assert b"Authorization Violation" in answer


@pytest.mark.parametrize("message", PUBLISHERS, ids=lambda message: message.__name__)
async def test_every_sender_may_send_its_message(bus: Bus, message: type[Message]) -> None:
    for identity in PUBLISHERS[message]:
        peer = await bus.peer(identity)

        stored = await peer.stream.publish(message.subject.replace("{system}", "baederamt"), b"{}")

        assert stored.stream == stream_of(message)
        assert not await tells_of_violation(peer.health)


@pytest.mark.parametrize("declared", DURABLES, ids=lambda declared: declared.name)
async def test_every_consumer_may_fetch_acknowledge_and_bury(bus: Bus, declared: Durable) -> None:
    peer, caretaker = await bus.peer(declared.identity), await bus.caretaker()
    for message in declared.messages:
        sender = await bus.peer(PUBLISHERS[message][0])
        await sender.stream.publish(message.subject, b"{}")
    if declared.foreign is not None:
        await jetstream(await bus.foreign("baederamt")).publish("intake.baederamt.events", b"{}")
    await caretaker.stream.publish(f"redeliver.{declared.name}.x", b"{}")
    waiting = len(declared.messages) + 1 + (declared.foreign is not None)

    await fetch_and_acknowledge(peer, declared, number=waiting)

    info = await caretaker.stream.consumer_info(declared.stream, declared.name)
    assert (info.num_pending, info.num_ack_pending) == (0, 0)
    assert await bus.count("DLQ") == waiting
    assert await bus.count("KEPT") == (waiting if declared.foreign is not None else 0)
    assert not await tells_of_violation(peer.health)


async def fetch_and_acknowledge(peer: Peer, declared: Durable, *, number: int) -> None:
    inbox = f"_INBOX_{declared.identity}.".encode()
    consumer = await peer.stream.pull_subscribe_bind(declared.name, stream=declared.stream, inbox_prefix=inbox)
    fetched = 0
    while fetched < number:
        for message in await consumer.fetch(batch=4, timeout=5):
            await peer.stream.publish(f"dlq.{declared.name}.{message.subject}", message.data)
            if declared.foreign is not None:
                await peer.stream.publish(f"kept.{declared.name}.{message.subject}", message.data)
            await message.ack_sync()
            fetched += 1


async def test_the_topology_applied_again_changes_nothing(bus: Bus) -> None:
    caretaker = await bus.caretaker()
    notices = await bus.peer("notices")
    await notices.stream.publish("events.notices.notice_generated.v1", b"{}")
    before = await bus.shape()

    await topology.apply(caretaker.stream)

    assert await bus.shape() == before


@pytest.mark.parametrize(("name", "age"), [(DEAD_LETTERS, 0), (KEPT, KEPT_AGE.total_seconds())])
async def test_the_server_has_room_for_the_dead_letters_and_refuses_when_it_is_full(
    bus: Bus, name: str, age: float
) -> None:
    config = (await (await bus.caretaker()).stream.stream_info(name)).config

    assert (config.max_bytes, config.max_age) == (topology.DEAD_LETTER_BYTES, age)
    assert config.discard == DiscardPolicy.NEW


async def test_a_consumer_that_was_changed_by_hand_is_set_right(bus: Bus) -> None:
    await bus.shorten_ack_wait("accounts-notices", seconds=1)

    await topology.apply((await bus.caretaker()).stream)

    info = await (await bus.caretaker()).stream.consumer_info("NOTICES", "accounts-notices")
    assert info.config.ack_wait == ACK_WAIT.total_seconds()
    assert info.config.max_deliver == MAX_DELIVER


async def test_a_violation_does_not_end_the_connection(bus: Bus) -> None:
    peer = await bus.peer("accounts")
    with pytest.raises(NatsError):
        await peer.stream.publish("events.notices.notice_generated.v1", b"{}", timeout=0.2)

    stored = await peer.stream.publish("events.accounts.delivery_routed.v1", b"{}")

    assert stored.seq == 1
