"""A thousand messages with headers that do harm: each that was stored is answered once, and nothing else moves."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from random import Random

import pytest

from contracts.base import CloudEvent, event_key
from contracts.intake import Receipt
from contracts.topology import STREAMS
from tests.intake.component.conftest import Intake
from tests.intake.component.hostile import Generator
from tests.intake.component.hostile_headers import FIELDS, header_block
from tests.intake.component.raw_nats import RawNats, raw_nats
from tests.intake.component.test_hostile_input import nothing_waits, on_the_bus
from tests.intake.offices import POOLS, closing, write_systems
from tests.support.eventually import eventually

MESSAGES = 1_000
_WHOLE = b"\r\ncontent-type: application/cloudevents+json\r\n\r\n"
BLOCKS = (
    *(b"NATS/1.0" + inline + _WHOLE for inline in (b" 404 x", b" 100 Idle Heartbeat", b" \xff\xfe\xfd x", b" ", b"")),
    # Without any line end the server leaves the status there, and appends what it has to say.
    b"NATS/1.0 404 xx",
    # The server lets other first lines than its own pass, and clients do not look what they are.
    b"NATS/2.0 404 x\r\n\r\n",
    b"NATS/2.0 \xff\xfe\xfd x\r\n\r\n",
    b"NATS/2.0 404 \xff\xfe\r\n\r\n",
    b"NATS/2.0 100 Idle Heartbeat\r\nNats-Consumer-Stalled: x\r\n\r\n",
    b"NATS/1.0 100 Idle Heartbeatxx",
    b"NATS/1.0 404 \xff\xfexx",
    b"NATS/1.0 \xff\xfe\xfdxx",
    b"NATS/1.0xx",
    b"NATS/1.0 ",
    b"\r\n\r\n",
)
SUBJECT = f"intake.{POOLS.name}.events"


async def counts(intake: Intake) -> dict[str, int]:
    """Count what every stream holds."""
    caretaker = await intake.bus.caretaker()
    return {str(each.config.name): each.state.messages for each in await caretaker.stream.streams_info()}


def stored(raw: RawNats) -> Counter[int]:
    """Return the places of the messages that the server has acknowledged, and not as duplicates."""
    acknowledged = [each for each in raw.answers.values() if "error" not in each and not each.get("duplicate")]
    return Counter(each["seq"] for each in acknowledged)


async def all_receipts(intake: Intake) -> list[Receipt]:
    held = await intake.bus.messages("RECEIPTS") if await intake.bus.count("RECEIPTS") else []
    assert {subject for subject, _, _ in held} <= {f"receipts.{POOLS.name}.v1"}
    return [CloudEvent[Receipt].model_validate_json(body).data for _, _, body in held]


async def stays_ready(intake: Intake) -> None:
    """Look again and again, until cancelled."""
    while True:
        answer = await intake.http.get("/readyz")
        assert answer.status_code == 200, answer.text
        await asyncio.sleep(0.1)


async def publish_all(intake: Intake, raw: RawNats) -> None:
    """Publish good and bad events behind bad headers, and wait until all are dealt with."""
    random, generator = Random(3), Generator(3)  # noqa: S311 - reproducible on purpose
    for attempt in generator.attempts(MESSAGES, share_of_good=0.7):
        if len(attempt.body) < 100_000 and attempt.system is POOLS:
            await raw.publish(SUBJECT, header_block(random, {**attempt.headers}), attempt.body)
    await raw.settle()
    await eventually(lambda: nothing_waits(intake), seconds=60)


async def test_headers_that_do_harm_do_none(intake: Intake) -> None:
    write_systems(intake.systems, POOLS.model_copy(update={"daily_quota": 10**6}))
    before = await counts(intake)

    async with asyncio.TaskGroup() as group, raw_nats(intake.bus.server, POOLS.name) as raw:
        looking = group.create_task(stays_ready(intake))
        await publish_all(intake, raw)
        looking.cancel()

    received = await all_receipts(intake)
    assert Counter(each.stream_sequence for each in received) == stored(raw)
    assert len(received) > MESSAGES / 5
    accepted = [str(each.event_id) for each in received if each.outcome == "accepted"]
    assert len(accepted) == len(set(accepted)) > 0
    assert sorted(await on_the_bus(intake)) == sorted(event_key(POOLS.source, each) for each in accepted)
    after = await counts(intake)
    moved = {name for name in after if after[name] != before.get(name)}
    assert moved <= {"SUBSCRIPTIONS", "INTAKE", "RECEIPTS"}
    assert set(after) == {stream.name for stream in STREAMS}
    assert all("Permissions Violation" in each for each in raw.errors), raw.errors
    assert intake.alive()
    assert "nats: encountered error" not in intake.child.output()


async def test_no_header_of_transport_keeps_a_good_event_out_that_the_server_has_stored(intake: Intake) -> None:
    transport = [(name, each) for name, values in FIELDS if not name.lower().startswith("content-") for each in values]

    async with raw_nats(intake.bus.server, POOLS.name) as raw:
        for number, (name, value) in enumerate(transport):
            header = f"NATS/1.0\r\n{name}: {value}\r\n\r\n".encode()
            await raw.publish(SUBJECT, header, json.dumps(closing(f"a-{number}")).encode())
        await raw.settle()
        await eventually(lambda: nothing_waits(intake))

    received = await all_receipts(intake)
    assert Counter(each.stream_sequence for each in received) == stored(raw)
    assert {each.outcome for each in received} == {"accepted"}
    assert len(received) > len(transport) / 2


@pytest.mark.parametrize("header", BLOCKS)
async def test_a_good_event_behind_a_bad_first_line_is_taken_in_at_once(intake: Intake, header: bytes) -> None:
    body = json.dumps(closing()).encode()

    async with raw_nats(intake.bus.server, POOLS.name) as raw:
        await raw.publish(SUBJECT, header, body)
        await eventually(lambda: answered(intake, 1), seconds=10)

    (receipt,) = await all_receipts(intake)
    assert (receipt.outcome, receipt.stream_sequence) == ("accepted", next(iter(stored(raw))))


async def answered(intake: Intake, count: int) -> bool:
    return await intake.bus.count("RECEIPTS") == count
