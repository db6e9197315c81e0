"""The NATS door, used as another office would: plain nats-py, its own account, its own key."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import PubAck

from chassis.bus import jetstream
from chassis.clock import utc_now
from contracts.base import CloudEvent
from contracts.foreign import FOREIGN
from contracts.intake import Receipt
from contracts.subscriptions import ClosePool
from contracts.topology import redelivery_prefix
from tests.intake.component.conftest import Intake
from tests.intake.offices import FORBIDDEN_TYPE, POOLS, TREASURY, closing, example, sender_of, write_systems
from tests.support.eventually import eventually
from tests.support.nats import Bus, listen

STRUCTURED = {"content-type": "application/cloudevents+json"}


async def received(bus: Bus, message: type[Any]) -> list[Any]:
    """Return what came of it: every message of this kind on the bus."""
    found = [
        CloudEvent[message].model_validate_json(body)
        for stream in ("SUBSCRIPTIONS", "INTAKE", "RECEIPTS")
        if await bus.count(stream)
        for subject, _, body in await bus.messages(stream)
        if subject == message.subject or (message is Receipt and stream == "RECEIPTS")
    ]
    return [event.data for event in found]


async def publish(stream: JetStreamContext, event: dict[str, Any], *, subject: str = "") -> PubAck:
    subject = subject or f"intake.{POOLS.name}.events"
    return await stream.publish(subject, json.dumps(event).encode(), headers=STRUCTURED)


async def receipts(client: Client, count: int, *, name: str = POOLS.name) -> list[Receipt]:
    """Fetch them as the README of the door says: with the consumer that the system was given."""
    pulling = await jetstream(client).pull_subscribe_bind(f"receipts-{name}", stream="RECEIPTS")
    found: list[Receipt] = []
    async with asyncio.timeout(15):
        while len(found) < count:
            for message in await pulling.fetch(count - len(found), timeout=10):
                found.append(CloudEvent[Receipt].model_validate_json(message.data).data)
                await message.ack()
    return found


async def test_an_office_sends_each_of_its_events_and_gets_a_receipt(intake: Intake) -> None:
    for event in FOREIGN:
        system = sender_of(event)
        office = await intake.bus.foreign(system.name)
        live = await listen(office, f"receipts.{system.name}.>")

        acknowledged = await publish(
            jetstream(office), example(event, event.name), subject=f"intake.{system.name}.events"
        )
        heard = CloudEvent[Receipt].model_validate_json((await live.next_msg(timeout=10)).data).data
        (fetched,) = await receipts(office, 1, name=system.name)
        await office.close()

        assert (fetched.event_id, fetched.stream_sequence) == (event.name, acknowledged.seq)
        assert (fetched.outcome, fetched.code) == ("accepted", None)
        assert heard == fetched


async def test_a_closed_pool_becomes_a_command_to_its_owner(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)

    await publish(jetstream(office), closing("a-1", reason="thunderstorm"))
    await receipts(office, 1)

    (command,) = await received(intake.bus, ClosePool)
    assert (command.pool, command.reason, command.reported_by) == ("freibad", "thunderstorm", "baederamt")


async def test_a_binary_event_is_the_same_as_a_structured_one(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    event = closing("100%|a")
    attributes = {f"ce-{name}": event[name] for name in ("specversion", "source", "type", "time")}

    await publish(jetstream(office), event)
    await jetstream(office).publish(
        f"intake.{POOLS.name}.events",
        json.dumps(event["data"]).encode(),
        headers={**attributes, "ce-id": "100%25%7Ca", "content-type": "application/json"},
    )

    assert [each.outcome for each in await receipts(office, 2)] == ["accepted", "duplicate"]
    assert len(await received(intake.bus, ClosePool)) == 1


async def test_every_refusal_says_why_and_nothing_comes_of_it(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    stream = jetstream(office)
    event = closing("a-1")
    late = closing("a-2", now=utc_now() - timedelta(days=26))

    await stream.publish(f"intake.{POOLS.name}.events", b"{no json")
    await publish(stream, {**event, "type": FORBIDDEN_TYPE})
    await publish(stream, {**event, "source": TREASURY.source})
    await publish(stream, closing("a-1", pool="sauna"))
    await publish(stream, {**event, "data": {}})
    await publish(stream, late)
    await stream.publish(
        f"intake.{POOLS.name}.events", b"[]", headers={"content-type": "application/cloudevents-batch+json"}
    )

    answers = await receipts(office, 7)
    assert {each.outcome for each in answers} == {"refused"}
    assert [each.code for each in sorted(answers, key=lambda each: each.stream_sequence)] == [
        "not_json",
        "type_not_allowed",
        "foreign_source",
        "pool_not_allowed",
        "invalid",
        "clock",
        "media_type",
    ]
    assert all(each.findings for each in answers)
    assert await received(intake.bus, ClosePool) == []
    assert (await intake.bus.count("DLQ"), await intake.bus.count("INTAKE_DOOR")) == (0, 0)


async def test_whatever_follows_the_system_in_the_subject_is_ignored_and_not_kept(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    secret = "erika-mustermann"

    acknowledged = [
        await publish(jetstream(office), closing(f"a-{number}"), subject=f"intake.{POOLS.name}.{rest}")
        for number, rest in enumerate(("events", secret))
    ]

    answers = await receipts(office, 2)
    assert [each.outcome for each in answers] == ["accepted", "accepted"]
    assert {each.stream_sequence for each in answers} == {each.seq for each in acknowledged}
    told = [f"{subject}{headers}{body}" for subject, headers, body in await intake.bus.messages("RECEIPTS")]
    assert secret not in "".join(told)


async def redelivered(intake: Intake, event: dict[str, Any], **headers: str) -> None:
    """Send a message as the caretaker does, on the subject that is open to nobody else."""
    caretaker = await intake.bus.caretaker()
    subject = f"{redelivery_prefix('intake-door')}intake.{POOLS.name}"
    await caretaker.stream.publish(subject, json.dumps(event).encode(), headers={**STRUCTURED, **headers})


async def test_the_receipt_of_a_redelivery_names_the_place_that_the_sender_was_told(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)

    await redelivered(intake, closing("a-1"), **{"x-door-sequence": "4711"})
    await redelivered(intake, closing("a-2"), **{"x-door-sequence": "0x7"})
    await redelivered(intake, closing("a-3"))

    assert {each.stream_sequence for each in await receipts(office, 3)} == {4711, 2, 3}


async def test_a_redelivery_of_what_was_dealt_with_gets_no_second_receipt(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    event = closing("a-1")
    acknowledged = await publish(jetstream(office), event)
    (first,) = await receipts(office, 1)

    await redelivered(intake, event, **{"x-door-sequence": str(acknowledged.seq)})
    await redelivered(intake, event, **{"x-door-sequence": "4711"})

    (second,) = await receipts(office, 1)
    assert (first.outcome, second.outcome, second.stream_sequence) == ("accepted", "duplicate", 4711)
    assert await intake.bus.count("RECEIPTS") == 2


async def test_a_place_that_the_sender_names_itself_is_not_believed(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)

    await jetstream(office).publish(
        f"intake.{POOLS.name}.events",
        json.dumps(closing()).encode(),
        headers={**STRUCTURED, "x-door-sequence": "4711", "x-redelivery": "1" * 64},
    )

    assert [each.stream_sequence for each in await receipts(office, 1)] == [1]


async def test_without_its_systems_file_the_door_holds_what_comes_and_says_so(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    hidden = intake.systems.rename(intake.systems.with_suffix(".hidden"))

    await publish(jetstream(office), closing("a-1"))
    await asyncio.sleep(1.5)
    held = (await intake.bus.count("INTAKE_DOOR"), await intake.bus.count("RECEIPTS"))
    problems = (await intake.http.get("/readyz")).json()["problems"]
    hidden.rename(intake.systems)

    assert held == (1, 0)
    assert problems == {"systems file": "is missing", "consumer intake-door": "waits for systems file"}
    assert [each.outcome for each in await receipts(office, 1)] == ["accepted"]
    await eventually(intake.is_ready)


async def test_an_event_of_a_removed_system_is_refused_and_counted(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    write_systems(intake.systems, TREASURY)

    await publish(jetstream(office), closing())

    (answer,) = await receipts(office, 1)
    assert (answer.outcome, answer.code) == ("refused", "unknown_system")
    line = 'rathaus_intake_events_total{door="nats",outcome="unknown_system",system="unknown"}'
    await eventually(lambda: counted(intake, line))


async def counted(intake: Intake, line: str) -> bool:
    return await intake.metric(line) == 1


async def test_whoever_is_over_quota_over_nats_is_told_so(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    write_systems(intake.systems, POOLS.model_copy(update={"daily_quota": 2}))

    for number in range(3):
        await publish(jetstream(office), closing(f"a-{number}"))

    assert [each.code for each in await receipts(office, 3)] == [None, None, "quota"]


async def test_a_message_that_is_delivered_again_has_no_second_effect_and_no_second_receipt(intake: Intake) -> None:
    office = await intake.bus.foreign(POOLS.name)
    await intake.bus.shorten_ack_wait("intake-door", seconds=1)
    intake.child.freeze()

    for number in range(20):
        await publish(jetstream(office), closing(f"a-{number}"))
    intake.child.thaw()
    await asyncio.sleep(0.05)
    intake.child.freeze()
    await asyncio.sleep(1.5)
    intake.child.thaw()

    answers = await receipts(office, 20)
    await eventually(lambda: nothing_waits(intake))
    assert {each.outcome for each in answers} == {"accepted"}
    assert (len(await received(intake.bus, ClosePool)), await intake.bus.count("RECEIPTS")) == (20, 20)


async def nothing_waits(intake: Intake) -> bool:
    return await intake.bus.count("INTAKE_DOOR") == 0
