"""Messages of others: passed on as they came, and buried so that a letter holds nothing of their bodies."""

from __future__ import annotations

import json

import pytest
from structlog.testing import capture_logs

from chassis.bus import jetstream
from chassis.consumer import Consuming, ForeignMessage, consume_foreign
from chassis.database import Database
from chassis.dead_letters import KEPT_SEQUENCE
from chassis.errors import DependencyDown, NeverAgain
from chassis.failures import DeliveryCount, FailureCount
from chassis.inbox import FailureLedger
from contracts.topology import DOOR, redelivery_prefix
from tests.support.consumers import intake_consumes
from tests.support.eventually import eventually
from tests.support.nats import Bus

DURABLE = "intake-door"
SUBJECT = "intake.stadtkasse"
"""Under which the door stores whatever this office sends."""
PERSON = "Erika Mustermann"
BODY = json.dumps({"source": PERSON, "id": f"{PERSON} 1", "data": {"payer": PERSON}}).encode()
HEADERS = {"ce-id": "4711", "ce-subject": PERSON, "content-type": "application/json", "x-owner": PERSON}


async def send_in(bus: Bus, body: bytes = BODY) -> None:
    await jetstream(await bus.foreign("stadtkasse")).publish(f"{SUBJECT}.events", body, headers=HEADERS)


async def buried(bus: Bus) -> bool:
    return await bus.count("DLQ") == 1 and await bus.count(DOOR) == 0


async def test_a_message_is_passed_on_as_it_came_and_is_gone_from_the_door(bus: Bus) -> None:
    received: list[ForeignMessage] = []

    async def handler(message: ForeignMessage) -> None:
        received.append(message)

    await intake_consumes(bus, handler)
    await send_in(bus, b"\xff not even text")
    await eventually(lambda: taken_in(bus, received))

    (message,) = received
    assert (message.subject, message.body, message.stream_sequence) == (SUBJECT, b"\xff not even text", 1)
    assert HEADERS.items() <= dict(message.headers).items()
    assert (await bus.count("DLQ"), await bus.count("KEPT")) == (0, 0)


async def taken_in(bus: Bus, received: list[ForeignMessage]) -> bool:
    return bool(received) and await bus.count(DOOR) == 0


@pytest.mark.parametrize("error", [KeyError(PERSON), NeverAgain("no_such_thing")])
async def test_a_letter_holds_nothing_of_the_message_which_is_kept_apart(
    sqlite: Database, bus: Bus, error: Exception
) -> None:
    async def handler(message: ForeignMessage) -> None:
        del message
        raise error

    with capture_logs() as said:
        await intake_consumes(bus, handler, failures=FailureLedger(sqlite))
        await send_in(bus)
        await eventually(lambda: buried(bus))

    ((subject, headers, body),) = await bus.messages("DLQ")
    ((room, kept_headers, kept),) = await bus.messages("KEPT")
    assert (subject, body) == (f"dlq.{DURABLE}.{SUBJECT}", b"")
    assert (room, kept, headers[KEPT_SEQUENCE]) == (f"kept.{DURABLE}.{SUBJECT}", BODY, "1")
    assert {name for name in headers if not name.startswith("x-dlq-")} == {"Nats-Msg-Id"}
    assert {name: kept_headers.get(name) for name in HEADERS} == {**HEADERS, "x-owner": None}
    assert PERSON not in str(headers)
    assert PERSON not in str([{**line, "exc_info": None} for line in said])


async def test_a_kept_message_is_handled_when_it_is_delivered_again(bus: Bus) -> None:
    received: list[ForeignMessage] = []
    failing = True

    async def handler(message: ForeignMessage) -> None:
        if failing:
            raise NeverAgain("not_yet_mended")
        received.append(message)

    await intake_consumes(bus, handler)
    await send_in(bus)
    await eventually(lambda: buried(bus))
    failing = False
    ((_, _, kept),) = await bus.messages("KEPT")
    await (await bus.caretaker()).stream.publish(f"{redelivery_prefix(DURABLE)}{SUBJECT}", kept, headers=HEADERS)
    await eventually(lambda: taken_in(bus, received))

    (message,) = received
    assert (message.subject, message.body, message.stream_sequence) == (SUBJECT, BODY, 2)


async def test_a_dependency_that_is_away_holds_the_door(bus: Bus) -> None:
    received: list[ForeignMessage] = []
    away = True

    async def handler(message: ForeignMessage) -> None:
        if away:
            raise DependencyDown("database")
        received.append(message)

    peer = await intake_consumes(bus, handler)
    await send_in(bus)

    async def waits() -> bool:
        return f"consumer {DURABLE}" in await peer.health.problems()

    await eventually(waits)
    away = False
    await eventually(lambda: taken_in(bus, received))

    assert (await bus.count("DLQ"), len(received)) == (0, 1)


@pytest.mark.parametrize(("name", "identity"), [("accounts-notices", "accounts"), (DURABLE, "accounts")])
async def test_a_foreign_handler_fits_only_a_foreign_durable_of_its_process(bus: Bus, name: str, identity: str) -> None:
    async def handler(message: ForeignMessage) -> None:
        del message

    peer = await bus.peer("accounts")
    consuming = Consuming(peer.broker, identity, peer.health, DeliveryCount())

    with pytest.raises(ValueError, match="topology"):
        consume_foreign(consuming, name, handler)


@pytest.mark.parametrize(
    "header",
    [
        {"reply_to": "receipts.baederamt.v1"},
        {"reply_to": "commands.subscriptions.close_pool.v1"},
        {"reply_to": "dlq.intake-door.fake"},
        {"reply_to": "no.such.subject"},
        *({"Status": status} for status in ("100", "400", "404", "408", "409", "503")),
        {"Status": "404", "Description": "No Messages"},
    ],
    ids=str,
)
async def test_no_header_of_a_sender_leads_us_anywhere_or_hides_its_message(bus: Bus, header: dict[str, str]) -> None:
    received: list[ForeignMessage] = []

    async def handler(message: ForeignMessage) -> None:
        received.append(message)

    peer = await intake_consumes(bus, handler)
    office = jetstream(await bus.foreign("stadtkasse"))
    await office.publish(f"{SUBJECT}.events", b"1", headers=header)
    await office.publish(f"{SUBJECT}.events", b"2")
    await eventually(lambda: taken_in(bus, received))

    assert sorted(each.body for each in received) == [b"1", b"2"]
    assert [await bus.count(stream) for stream in ("RECEIPTS", "SUBSCRIPTIONS", "DLQ", "KEPT")] == [0] * 4
    assert "bus permissions" not in await peer.health.problems()


async def test_many_such_messages_do_not_stop_the_door_for_others(bus: Bus) -> None:
    received: list[ForeignMessage] = []

    async def handler(message: ForeignMessage) -> None:
        received.append(message)

    office, other = await bus.foreign("stadtkasse"), await bus.foreign("baederamt")
    for number in range(300):
        await office.publish(f"{SUBJECT}.events", str(number).encode(), headers={"Status": "404"})
    await office.flush()
    await intake_consumes(bus, handler)
    await jetstream(other).publish("intake.baederamt.events", b"valid")

    await eventually(lambda: taken_in(bus, received))
    assert len(received) == 301


async def test_only_the_caretaker_lets_failures_be_counted_afresh(bus: Bus, sqlite: Database) -> None:
    counted: list[str] = []

    class Ledger(FailureLedger):
        async def add(self, durable: str, key: str, reason: str) -> FailureCount:
            counted.append(key)
            return await super().add(durable, key, reason)

    async def handler(message: ForeignMessage) -> None:
        del message
        raise KeyError

    await intake_consumes(bus, handler, failures=Ledger(sqlite))
    victim = "0" * 64
    office = jetstream(await bus.foreign("stadtkasse"))
    await office.publish(f"{SUBJECT}.events", b"1", headers={"x-redelivery": victim})

    await eventually(lambda: buried(bus))

    assert len(counted) == 6
    assert victim not in counted
