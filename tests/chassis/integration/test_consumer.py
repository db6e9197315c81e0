"""The consumer contract on a real bus: redelivered, retried, buried, held back, never lost."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest

from chassis.consumer import Consuming, consume
from chassis.database import Database
from chassis.errors import NeverAgain
from chassis.failures import ALONE_DELIVERY, DeliveryCount
from chassis.inbox import FailureLedger
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from tests.support.consumers import Attempts, accounts_consumes, come_back, publish, settled
from tests.support.events import a_delivery_routed, a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.toy.effects import DURABLE, effect_of, effects

PERSON = "Erika Mustermann"
SUBJECT = NoticeGenerated.subject


async def dead_letters(bus: Bus, number: int) -> bool:
    return await bus.count("DLQ") == number


async def test_an_event_delivered_again_has_no_second_effect(database: Database, bus: Bus) -> None:
    notices = await bus.peer("notices")
    event = a_notice_generated()
    body = event.model_dump_json().encode()

    async def handler(event: CloudEvent[NoticeGenerated]) -> None:
        await effect_of(database, event)

    await accounts_consumes(bus, handler)
    for _ in range(20):
        await notices.stream.publish(SUBJECT, body)
    await eventually(lambda: settled(bus))

    assert await effects(database) == 1


async def test_a_failure_is_tried_again_with_growing_delays_until_it_works(bus: Bus) -> None:
    at: list[float] = []

    def fail_twice(number: int) -> None:
        at.append(monotonic())
        if number < 3:
            raise KeyError(PERSON)

    await accounts_consumes(bus, Attempts(fail_twice), retry_after=(0.2, 0.6))
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: settled(bus))

    assert [at[1] - at[0] >= 0.2, at[2] - at[1] >= 0.6, len(at)] == [True, True, 3]
    assert await bus.count("DLQ") == 0


async def test_the_sixth_failure_is_the_last_and_buried_without_a_word_of_the_error(sqlite: Database, bus: Bus) -> None:
    def fail(_number: int) -> None:
        raise KeyError(PERSON)

    attempts = Attempts(fail)
    event = a_notice_generated()
    await accounts_consumes(bus, attempts, failures=FailureLedger(sqlite))
    await publish(await bus.peer("notices"), event)
    await eventually(lambda: dead_letters(bus, 1))
    await eventually(lambda: settled(bus))

    ((subject, headers, body),) = await bus.messages("DLQ")
    assert attempts.number == 6
    assert subject == f"dlq.{DURABLE}.{SUBJECT}"
    assert body == event.model_dump_json().encode()
    assert PERSON not in str(headers)
    assert (headers["x-dlq-reason"], headers["x-dlq-attempts"]) == ("KeyError", "6")
    assert headers["x-dlq-event-key"] == event.key()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "invalid: body"),
        (b'{"data": {"kind": "Erika Mustermann"}}', "invalid: data.colour, data.duplex"),
        (a_delivery_routed().model_dump_json().encode(), "invalid: data.legal_regime, data.revision"),
    ],
)
async def test_a_body_that_cannot_be_parsed_is_buried_at_once(bus: Bus, body: bytes, reason: str) -> None:
    attempts = Attempts(lambda _number: None)
    await accounts_consumes(bus, attempts)

    await (await bus.peer("notices")).stream.publish(SUBJECT, body)
    await eventually(lambda: dead_letters(bus, 1))
    await eventually(lambda: settled(bus))

    ((_, headers, buried),) = await bus.messages("DLQ")
    assert attempts.number == 0
    assert buried == body
    assert headers["x-dlq-reason"].startswith(reason)
    assert PERSON not in str(headers)


async def test_never_again_goes_straight_to_the_dead_letters(bus: Bus) -> None:
    def refuse(_number: int) -> None:
        raise NeverAgain("unknown_run")

    attempts = Attempts(refuse)
    await accounts_consumes(bus, attempts)

    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: dead_letters(bus, 1))
    await eventually(lambda: settled(bus))

    ((_, headers, _),) = await bus.messages("DLQ")
    assert (attempts.number, headers["x-dlq-reason"]) == (1, "unknown_run")


async def test_the_death_of_the_server_costs_no_effect_and_doubles_none(database: Database, own_bus: Bus) -> None:
    async def handler(event: CloudEvent[NoticeGenerated]) -> None:
        await effect_of(database, event)
        await asyncio.sleep(0.02)

    await own_bus.shorten_ack_wait(DURABLE, seconds=2)
    await publish(await own_bus.peer("notices"), *(a_notice_generated() for _ in range(100)))
    await accounts_consumes(own_bus, handler)

    for _ in range(2):
        before = await effects(database)
        await eventually(lambda before=before: more_effects(database, before))
        own_bus.server.child.kill()
        own_bus.server.start()
    await eventually(lambda: settled(own_bus))

    assert await effects(database) == 100


async def more_effects(database: Database, before: int) -> bool:
    return await effects(database) >= before + 8


async def test_long_work_is_not_given_to_a_second_replica(bus: Bus) -> None:
    calls: list[float] = []

    async def long_work(event: CloudEvent[NoticeGenerated]) -> None:
        del event
        calls.append(monotonic())
        await asyncio.sleep(2.5)

    await bus.shorten_ack_wait(DURABLE, seconds=1)
    for _ in range(2):
        await accounts_consumes(bus, long_work, heartbeat_seconds=0.3)
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: settled_after(bus, calls))

    assert len(calls) == 1


async def settled_after(bus: Bus, calls: list[float]) -> bool:
    return bool(calls) and await settled(bus)


@pytest.mark.parametrize(("deliveries", "at_once"), [(1, 8), (ALONE_DELIVERY, 1)])
async def test_messages_that_keep_coming_back_are_handled_one_at_a_time(
    bus: Bus, deliveries: int, at_once: int
) -> None:
    inside: list[str] = []
    met: list[int] = []

    async def handler(event: CloudEvent[NoticeGenerated]) -> None:
        inside.append(event.id)
        met.append(len(inside))
        await asyncio.sleep(0.05)
        inside.remove(event.id)

    await publish(await bus.peer("notices"), *(a_notice_generated() for _ in range(8)))
    await come_back(bus, DURABLE, times=deliveries - 1, messages=8)
    await accounts_consumes(bus, handler)
    await eventually(lambda: settled(bus))

    assert (max(met), len(met)) == (at_once, 8)


async def test_a_bus_that_is_away_does_not_break_off_long_work(sqlite: Database, own_bus: Bus) -> None:
    async def long_work(event: CloudEvent[NoticeGenerated]) -> None:
        if not await effects(sqlite):
            own_bus.server.child.kill()
            await asyncio.sleep(0.5)
        await effect_of(sqlite, event)

    await publish(await own_bus.peer("notices"), a_notice_generated())
    await accounts_consumes(own_bus, long_work, heartbeat_seconds=0.1)
    await eventually(lambda: one_effect(sqlite))

    own_bus.server.start()
    await eventually(lambda: settled(own_bus))


async def one_effect(database: Database) -> bool:
    return await effects(database) == 1


async def test_handlers_must_cover_what_the_topology_declares(bus: Bus) -> None:
    peer = await bus.peer("accounts")
    consuming = Consuming(peer.broker, "accounts", peer.health, DeliveryCount())

    with pytest.raises(ValueError, match="topology"):
        consume(consuming, "notices-letters", {NoticeGenerated: Attempts(lambda _number: None)})
