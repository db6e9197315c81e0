"""A message delivered again to the one consumer that gave it up, and the dead letter that made it possible."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chassis.clock import utc_now
from chassis.consumer import REDELIVERY
from chassis.database import Database
from chassis.inbox import FailureLedger
from contracts.base import CloudEvent, Message
from contracts.notices import NoticeGenerated
from contracts.topology import redelivery_prefix
from tests.support.consumers import Attempts, accounts_consumes, consumes, publish
from tests.support.events import a_delivery_routed, a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.toy.effects import DURABLE, effect_of, effects

PERSON = "Erika Mustermann"
ROUTING = "notices-routing"
POSTING = "mailgateway-routing"


async def deliver_again(bus: Bus, durable: str, event: CloudEvent[Message], *, number: int = 1) -> None:
    """Do what the caretaker does at a clerk's word."""
    caretaker = await bus.caretaker()
    headers = {REDELIVERY: f"{number:064x}", "Nats-Msg-Id": f"redeliver.{number}"}
    subject = f"{redelivery_prefix(durable)}{event.data.subject}"
    await caretaker.stream.publish(subject, event.model_dump_json().encode(), headers=headers)


def always_failing() -> Attempts:
    def fail(_number: int) -> None:
        raise KeyError(PERSON)

    return Attempts(fail)


async def dead_letters(bus: Bus, number: int) -> bool:
    return await bus.count("DLQ") == number


async def tried(attempts: Attempts, number: int) -> bool:
    return attempts.number == number


async def idle(bus: Bus, stream: str, name: str) -> bool:
    info = await (await bus.caretaker()).stream.consumer_info(stream, name)
    return not info.num_pending and not info.num_ack_pending


async def test_a_redelivery_reaches_the_one_consumer_and_no_other_of_the_stream(bus: Bus) -> None:
    routing, posting = Attempts(lambda _number: None), Attempts(lambda _number: None)
    await consumes(bus, ROUTING, routing)
    await consumes(bus, POSTING, posting)
    await publish(await bus.peer("accounts"), event := a_delivery_routed())
    await eventually(lambda: tried(routing, 1))
    await eventually(lambda: tried(posting, 1))

    await deliver_again(bus, POSTING, event)
    await eventually(lambda: tried(posting, 2))
    for name in (ROUTING, POSTING):
        await eventually(lambda name=name: idle(bus, "ACCOUNTS", name))

    assert (routing.number, posting.number) == (1, 2)


async def test_the_inbox_knows_a_redelivered_event_that_had_its_effect(database: Database, bus: Bus) -> None:
    handled: list[bool] = []

    async def handler(event: CloudEvent[NoticeGenerated]) -> None:
        handled.append(await effect_of(database, event))

    await accounts_consumes(bus, handler)
    await publish(await bus.peer("notices"), event := a_notice_generated())
    await eventually(lambda: as_many(handled, 1))

    await deliver_again(bus, DURABLE, event)
    await eventually(lambda: as_many(handled, 2))

    assert (handled, await effects(database)) == ([True, False], 1)


async def as_many(handled: list[bool], number: int) -> bool:
    return len(handled) == number


async def test_failures_are_counted_afresh_after_a_redelivery(database: Database, bus: Bus) -> None:
    attempts = always_failing()
    await accounts_consumes(bus, attempts, failures=FailureLedger(database))
    await publish(await bus.peer("notices"), event := a_notice_generated())
    await eventually(lambda: dead_letters(bus, 1))

    for number in (1, 2):
        await deliver_again(bus, DURABLE, event, number=number)
        await eventually(lambda number=number: dead_letters(bus, 1 + number))

    letters = await bus.messages("DLQ")
    assert attempts.number == 18
    assert [headers["x-dlq-attempts"] for _, headers, _ in letters] == ["6", "6", "6"]
    assert {subject for subject, _, _ in letters} == {f"dlq.{DURABLE}.{event.data.subject}"}
    assert {headers["x-dlq-event-key"] for _, headers, _ in letters} == {event.key()}
    assert {body for _, _, body in letters} == {event.model_dump_json().encode()}


async def test_a_letter_can_be_delivered_again_from_what_it_says(sqlite: Database, bus: Bus) -> None:
    mended = False

    async def handler(event: CloudEvent[NoticeGenerated]) -> None:
        if not mended:
            raise KeyError(PERSON)
        await effect_of(sqlite, event)

    await accounts_consumes(bus, handler)
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: dead_letters(bus, 1))

    ((subject, headers, body),) = await bus.messages("DLQ")
    mended = True
    again = {REDELIVERY: "a" * 64, "Nats-Msg-Id": "again", "content-type": headers["content-type"]}
    address = subject.removeprefix("dlq.").removeprefix(f"{DURABLE}.")
    await (await bus.caretaker()).stream.publish(f"{redelivery_prefix(DURABLE)}{address}", body, headers=again)

    await eventually(lambda: one_effect(sqlite))
    assert await bus.count("DLQ") == 1


async def one_effect(database: Database) -> bool:
    return await effects(database) == 1


async def test_a_letter_tells_since_when_and_how_often_it_was_tried(sqlite: Database, bus: Bus) -> None:
    before = utc_now()
    await accounts_consumes(bus, always_failing(), failures=FailureLedger(sqlite), retry_after=(0.4, 0.4))
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: dead_letters(bus, 1))

    ((_, headers, _),) = await bus.messages("DLQ")
    first, last = times(headers)
    assert headers["x-dlq-attempts"] == "3"
    assert before <= first < last <= utc_now()
    assert (last - first).total_seconds() >= 0.8


async def test_a_letter_buried_at_once_was_tried_once(bus: Bus) -> None:
    await accounts_consumes(bus, Attempts(lambda _number: None))
    await (await bus.peer("notices")).stream.publish(a_notice_generated().data.subject, b"{")
    await eventually(lambda: dead_letters(bus, 1))

    ((_, headers, _),) = await bus.messages("DLQ")
    first, last = times(headers)
    assert (headers["x-dlq-attempts"], first) == ("1", last)


def times(headers: Mapping[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(headers["x-dlq-first-at"]), datetime.fromisoformat(headers["x-dlq-last-at"])


async def test_a_redelivered_body_that_is_none_is_buried_under_its_first_subject(bus: Bus) -> None:
    await accounts_consumes(bus, Attempts(lambda _number: None))

    subject = a_notice_generated().data.subject
    await (await bus.caretaker()).stream.publish(f"{redelivery_prefix(DURABLE)}{subject}", b"{")
    await eventually(lambda: dead_letters(bus, 1))

    ((buried, headers, _),) = await bus.messages("DLQ")
    assert (buried, headers["x-dlq-reason"]) == (f"dlq.{DURABLE}.{subject}", "invalid: body")


async def test_a_subject_that_the_consumer_does_not_know_is_buried(bus: Bus) -> None:
    await accounts_consumes(bus, Attempts(lambda _number: None))

    await deliver_again(bus, DURABLE, a_delivery_routed())
    await eventually(lambda: dead_letters(bus, 1))

    ((_, headers, _),) = await bus.messages("DLQ")
    assert headers["x-dlq-reason"] == "unknown_subject"
