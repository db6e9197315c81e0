"""What the caretaker does by itself: the shape of the bus, the crash net, the gauges."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from time import monotonic

import pytest
import structlog.testing
from nats.js import JetStreamContext

from chassis.bus import jetstream
from chassis.clock import Clock, utc_now
from chassis.metrics import REGISTRY
from contracts.base import event_key
from contracts.notices import NoticeGenerated
from contracts.topology import DEAD_LETTERS, DURABLES, MAX_DELIVER, STREAM_AGE, STREAMS, durable
from services.caretaker.commands.observe import Observation
from services.caretaker.gateways.bus import Bus as CaretakersBus
from services.caretaker.gateways.consumers import state_of
from tests.caretaker.component.conftest import Desk
from tests.caretaker.component.dying import DURABLE, Fussy, has_letters
from tests.caretaker.component.processes import caretaker_process, is_ready, problems
from tests.support.consumers import accounts_consumes, publish
from tests.support.events import a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus, NatsServer

DOOR_SUBJECT = "intake.baederamt.events"


async def crash(bus: Bus, identity: str, name: str, stream: str) -> None:
    """Take a message as often as the server allows, and never bring it to an outcome."""
    peer = await bus.peer(identity)
    prefix = f"_INBOX_{identity}.".encode()
    crashing = await peer.stream.pull_subscribe_bind(name, stream=stream, inbox_prefix=prefix)
    for _ in range(MAX_DELIVER):
        (message,) = await crashing.fetch(1, timeout=5)
        await message.nak()
    # The server gives up only when somebody asks for the message once more.
    with pytest.raises(TimeoutError):
        await crashing.fetch(1, timeout=1)
    await crashing.unsubscribe()


async def test_a_message_that_kills_its_process_is_buried_and_given_back_after_mending(bus: Bus, desk: Desk) -> None:
    event = a_notice_generated()
    await publish(await bus.peer("notices"), event)
    await crash(bus, "accounts", DURABLE, "NOTICES")
    await eventually(lambda: has_letters(desk, 1))

    (letter,) = await desk.letters(reason="crashed")
    mended = Fussy()
    mended.mended = True
    await accounts_consumes(bus, mended)
    await desk.post(f"/dead-letters/{letter['number']}/redelivery")
    await eventually(lambda: mended.has_handled(1))

    assert (letter["attempts"], letter["subject"], letter["event_key"]) == (
        MAX_DELIVER,
        NoticeGenerated.subject,
        event_key(event.source, event.id),
    )
    assert letter["first_at"] < letter["last_at"]
    assert [each.key() for each in mended.handled] == [event.key()]
    await eventually(lambda: stands_handled(desk))


async def stands_handled(desk: Desk) -> bool:
    return (await desk.get(f"/redeliveries/{DURABLE}/2", after=1))["state"] == "handled"


async def test_what_crashed_at_the_door_does_not_stay_in_its_work_queue(bus: Bus, desk: Desk) -> None:
    await jetstream(await bus.foreign("baederamt")).publish(DOOR_SUBJECT, b"Erika Mustermann")

    await crash(bus, "intake", "intake-door", "INTAKE_DOOR")
    await eventually(lambda: has_letters(desk, 1))
    await eventually(lambda: holds(bus, "INTAKE_DOOR", 0))

    (letter,) = await desk.letters()
    assert (letter["reason"], letter["kept"], await bus.count("KEPT")) == ("crashed", True, 1)


async def holds(bus: Bus, stream: str, number: int) -> bool:
    return await bus.count(stream) == number


async def test_gauges_follow_letters_and_consumers(bus: Bus) -> None:
    caretaker = await bus.caretaker()
    await accounts_consumes(bus, Fussy())
    await publish(await bus.peer("notices"), *(a_notice_generated() for _ in range(3)))
    await eventually(lambda: holds(bus, DEAD_LETTERS, 3))

    await Observation(CaretakersBus(caretaker.broker), a_clock_that_is_ahead_by(0.5)).look()

    assert gauge("rathaus_dead_letters_waiting", durable=DURABLE) == 3
    assert gauge("rathaus_dead_letters_waiting", durable="notices-routing") == 0
    assert gauge("rathaus_dead_letter_oldest_seconds", durable=DURABLE) > STREAM_AGE.total_seconds() / 2
    assert gauge("rathaus_dead_letter_oldest_seconds", durable="notices-routing") == 0
    assert gauge("rathaus_consumer_pending", durable=DURABLE) == 0
    assert gauge("rathaus_consumer_lag_ratio", durable=DURABLE) == 0
    assert gauge("rathaus_streams_bytes", stream="NOTICES") > 0


async def test_a_consumer_that_is_halfway_to_loss_is_told_once(bus: Bus) -> None:
    caretaker = await bus.caretaker()
    await publish(await bus.peer("notices"), a_notice_generated(), a_notice_generated())

    with structlog.testing.capture_logs() as logged:
        observation = Observation(CaretakersBus(caretaker.broker), a_clock_that_is_ahead_by(0.7))
        await observation.look()
        await observation.look()

    assert gauge("rathaus_consumer_pending", durable=DURABLE) == 2
    assert 0.69 < gauge("rathaus_consumer_lag_ratio", durable=DURABLE) < 0.71
    assert [each["durable"] for each in logged if each["event"] == "consumer.lagging"] == [DURABLE]


async def test_a_message_under_way_lags_as_one_that_waits(bus: Bus) -> None:
    """Held for something that is away, or waiting for its next try: it is delivered, but not done."""
    caretaker = await bus.caretaker()
    await publish(await bus.peer("notices"), a_notice_generated())
    taking = await takes(bus)
    (held,) = await taking.fetch(1, timeout=5)

    observation = Observation(CaretakersBus(caretaker.broker), a_clock_that_is_ahead_by(0.7))
    with structlog.testing.capture_logs() as logged:
        await observation.look()
    lagging = gauge("rathaus_consumer_lag_ratio", durable=DURABLE)
    await held.ack_sync()
    await observation.look()

    assert (gauge("rathaus_consumer_pending", durable=DURABLE), 0.69 < lagging < 0.71) == (0, True)
    assert [each["durable"] for each in logged if each["event"] == "consumer.lagging"] == [DURABLE]
    assert gauge("rathaus_consumer_lag_ratio", durable=DURABLE) == 0
    await taking.unsubscribe()


async def test_what_has_crashed_for_ever_lags_no_more_once_it_is_buried(bus: Bus, desk: Desk) -> None:
    notices = await bus.peer("notices")
    await publish(notices, a_notice_generated())
    await crash(bus, "accounts", DURABLE, "NOTICES")
    await eventually(lambda: has_letters(desk, 1))
    crashed_at = (await desk.letters())[0]["first_at"]
    await publish(notices, a_notice_generated(), a_notice_generated())
    taking = await takes(bus)
    (held,) = await taking.fetch(1, timeout=5)

    caretaker = CaretakersBus((await bus.caretaker()).broker)
    async with caretaker.open() as context:
        state = await state_of(context, durable(DURABLE))
    await held.ack_sync()
    await taking.unsubscribe()

    assert (state.handled_up_to, state.ack_pending, state.pending) == (0, 1, 1)
    assert state.oldest_unfinished_at is not None
    assert state.oldest_unfinished_at.isoformat() > crashed_at


async def takes(bus: Bus) -> JetStreamContext.PullSubscription:
    peer = await bus.peer("accounts")
    return await peer.stream.pull_subscribe_bind(DURABLE, stream="NOTICES", inbox_prefix=b"_INBOX_accounts.")


def a_clock_that_is_ahead_by(part: float) -> Clock:
    """A clock that shows when so much of a stream's age is over."""
    return lambda: utc_now() + STREAM_AGE * part


def gauge(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(name, labels)
    assert value is not None, name
    return value


async def test_ten_thousand_letters_are_listed_and_given_back_quickly(bus: Bus, desk: Desk) -> None:
    caretaker = await bus.caretaker()
    body = b'{"data": "' + b"x" * 2000 + b'"}'
    for start in range(0, 10_000, 500):
        await asyncio.gather(
            *(
                caretaker.stream.publish(f"dlq.{DURABLE}.{NoticeGenerated.subject}", body, headers=header(number))
                for number in range(start, start + 500)
            )
        )

    await eventually(lambda: has_letters(desk, 1_000, after=9_000, limit=1_000))
    began = monotonic()
    page = await desk.letters(limit=100, after=9_000)
    paged = monotonic() - began
    rare = await desk.letters(reason="rare", limit=10)
    searched = monotonic() - began - paged
    given_back = await desk.post("/dead-letters/redelivery", durable=DURABLE, reason="rare")
    took = monotonic() - began - paged - searched

    assert (page[0]["number"], len(page), len(rare), given_back.json()["redelivered"]) == (9_001, 100, 10, 1_000)
    assert (paged < 1, searched < 5, took < 30) == (True, True, True)


def header(number: int) -> dict[str, str]:
    return {"x-dlq-reason": "rare" if number >= 9_000 else "KeyError", "x-dlq-attempts": "6"}


async def test_it_is_ready_once_the_topology_stands_and_brings_it_back_after_a_loss(
    tmp_path: Path, own_nats: NatsServer
) -> None:
    async with caretaker_process(tmp_path, own_nats) as url:
        waiting = await problems(url)
        own_nats.start()
        await eventually(lambda: is_ready(url))
        own_nats.child.kill()
        shutil.rmtree(own_nats.home.folder / "jetstream")
        own_nats.start()
        lost_at = monotonic()
        bus = Bus(own_nats)
        admin = await bus.caretaker()
        await eventually(lambda: stands(bus))
        took = monotonic() - lost_at

        await admin.stream.delete_consumer("NOTICES", DURABLE)
        await eventually(lambda: stands(bus))
        await eventually(lambda: is_ready(url))
        await bus.close()

    assert waiting == {"service": "starting", "topology": "not applied"}
    assert took < 5


async def stands(bus: Bus) -> bool:
    context = (await bus.caretaker()).stream
    found = {info.config.name for info in await context.streams_info()}
    for stream in {each.stream for each in DURABLES} & found:
        found |= {info.name for info in await context.consumers_info(stream)}
    return found >= {each.name for each in STREAMS} | {each.name for each in DURABLES}
