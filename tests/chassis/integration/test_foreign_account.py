"""What a foreign system meets at the bus, seen with plain nats-py: its own door, its own receipts, a limit."""

from __future__ import annotations

import asyncio

import pytest
from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.errors import BadRequestError, NoStreamResponseError, ServiceUnavailableError

from chassis.bus import jetstream
from contracts.topology import DOOR, DOOR_BACKLOG, DOOR_MESSAGE_BYTES, RECEIPTS, receipts_durable
from tests.support.eventually import eventually
from tests.support.foreign import BAEDERAMT
from tests.support.nats import Bus, NatsServer, bus_of, listen

DOOR_OF_BAEDERAMT = "intake.baederamt.events"
RECEIPTS_OF_BAEDERAMT = "receipts.baederamt.v1"


async def test_what_a_system_sends_in_is_acknowledged_with_its_place_and_stored_as_it_came(bus: Bus) -> None:
    office = await bus.foreign("baederamt")

    stored = await jetstream(office).publish(DOOR_OF_BAEDERAMT, b"\xff\x00", headers={"ce-id": "1"})

    assert (stored.stream, stored.seq) == (DOOR, 1)
    assert await bus.messages(DOOR) == [("intake.baederamt", {"ce-id": "1"}, b"\xff\x00")]


async def test_what_a_sender_writes_into_its_subject_is_not_stored_and_wins_no_room(bus: Bus) -> None:
    office = await bus.foreign("baederamt")

    for tail in ("Erika-Mustermann", "events"):
        await jetstream(office).publish(f"intake.baederamt.{tail}", b"{}")
    with pytest.raises(NoStreamResponseError):
        await jetstream(office).publish("intake.baederamt.a.b", b"{}")

    assert [subject for subject, _, _ in await bus.messages(DOOR)] == ["intake.baederamt"] * 2


async def test_systems_that_count_their_messages_alike_do_not_swallow_each_others(bus: Bus) -> None:
    offices = [await bus.foreign("baederamt"), await bus.foreign("stadtkasse")]

    for office, name in zip(offices, ("baederamt", "stadtkasse"), strict=True):
        await asyncio.sleep(0.2)
        await jetstream(office).publish(f"intake.{name}.events", b"{}", headers={"Nats-Msg-Id": "1"})

    assert await bus.count(DOOR) == 2


async def test_a_message_beyond_the_limit_is_refused_to_its_sender(bus: Bus) -> None:
    office = await bus.foreign("baederamt")

    with pytest.raises(BadRequestError) as refusal:
        await jetstream(office).publish(DOOR_OF_BAEDERAMT, b"x" * (DOOR_MESSAGE_BYTES + 1))

    assert "message size exceeds maximum" in (refusal.value.description or "")


async def test_a_system_hears_its_receipts_and_no_others(bus: Bus) -> None:
    office, other = await bus.foreign("baederamt"), await bus.foreign("stadtkasse")
    heard = await listen(office, RECEIPTS_OF_BAEDERAMT)
    heard_elsewhere = await listen(other, "receipts.stadtkasse.>")
    await office.flush()
    await other.flush()

    await (await bus.peer("intake")).stream.publish(RECEIPTS_OF_BAEDERAMT, b"accepted")

    assert (await heard.next_msg(timeout=5)).data == b"accepted"
    with pytest.raises(NatsTimeoutError):
        await heard_elsewhere.next_msg(timeout=0.2)


async def test_a_system_that_was_away_fetches_its_receipts_later_and_no_others(bus: Bus) -> None:
    intake = await bus.peer("intake")
    for name in ("stadtkasse", "baederamt", "stadtkasse", "baederamt"):
        await intake.stream.publish(f"receipts.{name}.v1", name.encode())

    fetched = await fetch_all(await bus.foreign("baederamt"), "baederamt")

    assert fetched == [b"baederamt"] * 2
    info = await (await bus.caretaker()).stream.consumer_info(RECEIPTS, receipts_durable("baederamt"))
    assert (info.num_pending, info.num_ack_pending) == (0, 0)


async def fetch_all(office: Client, system: str) -> list[bytes]:
    consumer = await jetstream(office).pull_subscribe_bind(receipts_durable(system), stream=RECEIPTS)
    fetched: list[bytes] = []
    for _ in range(2):
        (message,) = await consumer.fetch(1, timeout=5)
        await message.ack()
        fetched.append(message.data)
    await office.flush()
    return fetched


async def test_a_system_cannot_fetch_the_receipts_of_another(bus: Bus) -> None:
    await (await bus.peer("intake")).stream.publish("receipts.stadtkasse.v1", b"accepted")
    told: list[str] = []
    office = await bus.foreign("baederamt", errors=told)
    consumer = await jetstream(office).pull_subscribe_bind(receipts_durable("stadtkasse"), stream=RECEIPTS)

    with pytest.raises(NatsTimeoutError):
        await consumer.fetch(1, timeout=0.3)

    assert "receipts-stadtkasse" in told[0]


async def test_too_large_a_backlog_is_refused_to_its_sender_alone_and_recovers(bus: Bus) -> None:
    office, other = await bus.foreign("baederamt"), await bus.foreign("stadtkasse")
    for _ in range(DOOR_BACKLOG + 50):
        await office.publish(DOOR_OF_BAEDERAMT, b"{}")
    await office.flush()
    await eventually(lambda: waiting(bus, DOOR_BACKLOG))

    with pytest.raises(ServiceUnavailableError) as refusal:
        await jetstream(office).publish(DOOR_OF_BAEDERAMT, b"{}")
    let_in = await jetstream(other).publish("intake.stadtkasse.events", b"{}")
    await take_in(bus, 10)
    recovered = await jetstream(office).publish(DOOR_OF_BAEDERAMT, b"{}")

    assert "maximum messages per subject" in (refusal.value.description or "")
    assert (let_in.seq, recovered.seq) == (DOOR_BACKLOG + 1, DOOR_BACKLOG + 2)


async def waiting(bus: Bus, number: int) -> bool:
    return await bus.count(DOOR) == number


async def take_in(bus: Bus, number: int) -> None:
    intake = await bus.peer("intake")
    consumer = await intake.stream.pull_subscribe_bind("intake-door", stream=DOOR, inbox_prefix=b"_INBOX_intake.")
    for message in await consumer.fetch(number, timeout=5):
        await message.ack_sync()


async def test_a_system_registered_later_comes_in_after_a_restart_of_the_server(own_nats: NatsServer) -> None:
    own_nats.start()
    friedhof = BAEDERAMT.model_copy(update={"name": "friedhof", "source": "//example/friedhof"})

    own_nats.register(friedhof)
    own_nats.child.stop()
    own_nats.start()

    async with bus_of(own_nats) as bus:
        stored = await jetstream(await bus.foreign("friedhof")).publish("intake.friedhof.events", b"{}")
        assert stored.stream == DOOR


async def test_a_system_without_a_key_of_ours_stays_outside(bus: Bus) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", bus.server.port)
    key = bus.server.systems.systems[0].nkey

    await reader.readline()
    writer.write(f'CONNECT {{"nkey":"{key}","sig":"AAAA"}}\r\nPING\r\n'.encode())
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()

    assert b"Authorization Violation" in answer
