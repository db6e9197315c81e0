"""The permissions generated from the topology: everybody may do what they must, and nothing else, and is caught."""

from __future__ import annotations

import asyncio
import json

import pytest
from nats.errors import Error as NatsError

from chassis import topology
from chassis.health import Health
from chassis.metrics import REGISTRY
from contracts.base import Message
from contracts.topology import ACK_WAIT, DURABLES, IDENTITIES, MAX_DELIVER, PUBLISHERS, STREAMS, Durable, stream_of
from tests.support.eventually import eventually
from tests.support.nats import Bus, Peer


def violations() -> float:
    return REGISTRY.get_sample_value("rathaus_bus_permission_violations_total") or 0


async def tells_of_violation(health: Health) -> bool:
    return "bus permissions" in await health.problems()


def forbidden_subjects(identity: str) -> list[str]:
    foreign = [message.subject for message, senders in PUBLISHERS.items() if identity not in senders]
    others = [each for each in DURABLES if each.identity != identity]
    return [
        *foreign,
        *(f"$JS.API.CONSUMER.MSG.NEXT.{each.stream}.{each.name}" for each in others),
        *(f"$JS.ACK.{each.stream}.{each.name}.1.1.1.1.0" for each in others),
        *(f"dlq.{each.name}.x" for each in others),
        "$JS.API.STREAM.PURGE.NOTICES",
        "$JS.API.STREAM.DELETE.DLQ",
        "$JS.API.STREAM.MSG.GET.DLQ",
        "$JS.API.CONSUMER.CREATE.NOTICES.mine",
        "$JS.API.CONSUMER.DELETE.NOTICES.accounts-notices",
        "anything.else",
    ]


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_each_forbidden_subject_is_refused_and_noticed(bus: Bus, identity: str) -> None:
    peer = await bus.peer(identity)
    before = violations()

    for subject in forbidden_subjects(identity):
        await peer.client.publish(subject, b"{}")
    await peer.client.flush()

    await eventually(lambda: counted(before + len(forbidden_subjects(identity))))
    assert await tells_of_violation(peer.health)
    assert [await bus.count(stream.name) for stream in STREAMS] == [0] * len(STREAMS)


async def counted(number: float) -> bool:
    return violations() == number


async def ignore(body: bytes) -> None:
    del body


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("subject", ["events.>", "dlq.>", "_INBOX.>", "_INBOX_caretaker.>", "$JS.EVENT.ADVISORY.>"])
async def test_nobody_listens_past_the_consumers(bus: Bus, identity: str, subject: str) -> None:
    peer = await bus.peer(identity)

    peer.broker.subscriber(subject)(ignore)
    await peer.broker.start()
    await peer.client.flush()

    await eventually(lambda: tells_of_violation(peer.health))


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

        stored = await peer.stream.publish(message.subject, b"{}")

        assert stored.stream == stream_of(message)
        assert not await tells_of_violation(peer.health)


@pytest.mark.parametrize("declared", DURABLES, ids=lambda declared: declared.name)
async def test_every_consumer_may_fetch_acknowledge_and_bury(bus: Bus, declared: Durable) -> None:
    peer = await bus.peer(declared.identity)
    for message in declared.messages:
        sender = await bus.peer(PUBLISHERS[message][0])
        await sender.stream.publish(message.subject, b"{}")

    await fetch_and_acknowledge(peer, declared)

    info = await (await bus.caretaker()).stream.consumer_info(declared.stream, declared.name)
    assert (info.num_pending, info.num_ack_pending) == (0, 0)
    assert await bus.count("DLQ") == len(declared.messages)
    assert not await tells_of_violation(peer.health)


async def fetch_and_acknowledge(peer: Peer, declared: Durable) -> None:
    inbox = f"_INBOX_{declared.identity}.".encode()
    consumer = await peer.stream.pull_subscribe(
        declared.messages[0].subject, durable=declared.name, stream=declared.stream, inbox_prefix=inbox
    )
    fetched = 0
    while fetched < len(declared.messages):
        for message in await consumer.fetch(batch=4, timeout=5):
            await peer.stream.publish(f"dlq.{declared.name}.{message.subject}", message.data)
            await message.ack_sync()
            fetched += 1


async def test_the_topology_applied_again_changes_nothing(bus: Bus) -> None:
    caretaker = await bus.caretaker()
    notices = await bus.peer("notices")
    await notices.stream.publish("events.notices.notice_generated.v1", b"{}")
    before = await everything(bus)

    await topology.apply(caretaker.stream)

    assert await everything(bus) == before


async def test_a_consumer_that_was_changed_by_hand_is_set_right(bus: Bus) -> None:
    await bus.shorten_ack_wait("accounts-notices", seconds=1)

    await topology.apply((await bus.caretaker()).stream)

    info = await (await bus.caretaker()).stream.consumer_info("NOTICES", "accounts-notices")
    assert info.config.ack_wait == ACK_WAIT.total_seconds()
    assert info.config.max_deliver == MAX_DELIVER


async def everything(bus: Bus) -> list[object]:
    """Describe every stream and consumer as the server does, without the times of asking."""
    client = (await bus.caretaker()).client
    found: list[object] = []
    for subject in [f"$JS.API.STREAM.INFO.{stream.name}" for stream in STREAMS] + [
        f"$JS.API.CONSUMER.INFO.{each.stream}.{each.name}" for each in DURABLES
    ]:
        answer = json.loads((await client.request(subject, timeout=5)).data)
        found.append({name: answer[name] for name in ("config", "created", "state", "num_pending") if name in answer})
    return found


async def test_a_violation_does_not_end_the_connection(bus: Bus) -> None:
    peer = await bus.peer("accounts")
    with pytest.raises(NatsError):
        await peer.stream.publish("events.notices.notice_generated.v1", b"{}", timeout=0.2)

    stored = await peer.stream.publish("events.accounts.delivery_routed.v1", b"{}")

    assert stored.seq == 1
