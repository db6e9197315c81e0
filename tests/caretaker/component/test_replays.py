"""The past of a stream for one consumer once more."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from chassis.clock import utc_now
from chassis.database import Database
from chassis.errors import NeverAgain
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from contracts.topology import DURABLES
from tests.caretaker.component.conftest import Desk
from tests.caretaker.component.dying import DURABLE, Fussy, dead_notices
from tests.support.consumers import accounts_consumes, publish
from tests.support.events import a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus, Peer
from tests.support.toy.effects import effect_of, effects


class Counting:
    """Claims each event, and counts how often it was asked to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.calls = 0

    async def __call__(self, event: CloudEvent[NoticeGenerated]) -> None:
        self.calls += 1
        await effect_of(self.database, event)

    async def called(self, number: int) -> bool:
        return self.calls == number


async def notices_handled(bus: Bus, counting: Counting, number: int) -> Peer:
    await accounts_consumes(bus, counting)
    notices = await bus.peer("notices")
    await publish(notices, *(a_notice_generated() for _ in range(number)))
    await eventually(lambda: counting.called(number))
    return notices


async def test_everything_is_sent_again_to_one_consumer_and_what_is_claimed_has_no_second_effect(
    bus: Bus, desk: Desk, sqlite: Database
) -> None:
    counting = Counting(sqlite)
    await notices_handled(bus, counting, 70)

    answer = await desk.post("/replays", durable=DURABLE)
    await eventually(lambda: counting.called(140))

    oldest = answer.json().pop("stream_oldest_at")
    assert (answer.status_code, answer.json()) == (
        202,
        {"published": 70, "stream_whole": True, "stream_oldest_at": oldest, "last_number": 0},
    )
    await eventually(lambda: idle(desk))
    assert await effects(sqlite) == 70


async def test_what_a_person_has_discarded_does_not_come_back(bus: Bus, desk: Desk) -> None:
    await accounts_consumes(bus, Fussy())
    await dead_notices(bus, desk, 2)
    await desk.client.delete("/dead-letters/1?by=E.%20Muster&reason=doppelt")

    answer = await desk.post("/replays", durable=DURABLE)

    assert answer.json()["published"] == 1


async def test_a_projection_whose_claims_are_gone_is_built_again(bus: Bus, desk: Desk, sqlite: Database) -> None:
    lost = True

    async def handle(event: CloudEvent[NoticeGenerated]) -> None:
        if not lost:
            await effect_of(sqlite, event)

    await accounts_consumes(bus, handle)
    await publish(await bus.peer("notices"), *(a_notice_generated() for _ in range(5)))
    await eventually(lambda: idle(desk))

    lost = False
    await desk.post("/replays", durable=DURABLE)
    await eventually(lambda: has_effects(sqlite, 5))
    await eventually(lambda: idle(desk))


async def has_effects(database: Database, number: int) -> bool:
    return await effects(database) == number


async def idle(desk: Desk) -> bool:
    durable = await desk.durable(DURABLE)
    return not durable["pending"] and not durable["ack_pending"]


async def test_only_what_came_since_is_sent_again(bus: Bus, desk: Desk, sqlite: Database) -> None:
    counting = Counting(sqlite)
    notices = await notices_handled(bus, counting, 3)
    await asyncio.sleep(0.05)
    since = utc_now()
    await publish(notices, a_notice_generated(), a_notice_generated())
    await eventually(lambda: counting.called(5))

    answer = await desk.post("/replays", durable=DURABLE, since=since.isoformat())

    assert answer.json()["published"] == 2
    await eventually(lambda: counting.called(7))
    await eventually(lambda: idle(desk))


async def test_a_repeated_request_sends_nothing_twice(bus: Bus, desk: Desk, sqlite: Database) -> None:
    await notices_handled(bus, Counting(sqlite), 5)
    before = await bus.count("NOTICES")

    for _ in range(2):
        await desk.client.post("/replays", json={"durable": DURABLE}, headers={"idempotency-key": "once"})
    once = await bus.count("NOTICES")
    await desk.client.post("/replays", json={"durable": DURABLE}, headers={"idempotency-key": "twice"})

    assert (before, once, await bus.count("NOTICES")) == (5, 10, 15)
    await eventually(lambda: idle(desk))


async def test_what_the_stream_no_longer_holds_is_refused_with_what_it_holds(bus: Bus, desk: Desk) -> None:
    notices = await bus.peer("notices")
    before = utc_now() - timedelta(seconds=1)
    await publish(notices, *(a_notice_generated() for _ in range(3)))
    await (await bus.caretaker()).stream.purge_stream("NOTICES", seq=3)

    answer = await desk.post("/replays", durable=DURABLE, since=before.isoformat())

    oldest = (await desk.durable(DURABLE))["stream_oldest_at"]
    reachable = await desk.post("/replays", durable=DURABLE, since=oldest)
    assert (answer.status_code, oldest in answer.json()["detail"]) == (409, True)
    assert (reachable.status_code, reachable.json()["published"]) == (202, 1)


async def test_a_stream_that_holds_nothing_more_is_complete_since_its_last_message(bus: Bus, desk: Desk) -> None:
    await publish(await bus.peer("notices"), a_notice_generated())
    await (await bus.caretaker()).stream.purge_stream("NOTICES")

    durable = await desk.durable(DURABLE)
    last = datetime.fromisoformat(durable["stream_complete_from"])
    refused = await desk.post("/replays", durable=DURABLE, since=last.isoformat())
    since_then = await desk.post("/replays", durable=DURABLE, since=(last + timedelta(microseconds=1)).isoformat())

    assert (durable["stream_whole"], durable["stream_oldest_at"]) == (False, None)
    assert (refused.status_code, last.isoformat() in refused.json()["detail"]) == (409, True)
    assert (since_then.status_code, since_then.json()["published"]) == (202, 0)


@pytest.mark.parametrize(("durable", "why"), [("notices-render", "noch einmal tun"), ("intake-door", "behält nichts")])
async def test_what_cannot_be_repeated_is_refused_in_words(desk: Desk, durable: str, why: str) -> None:
    answer = await desk.post("/replays", durable=durable)

    assert (answer.status_code, why in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize("since", ["yesterday", "2026-03-02T09:00:00"])
async def test_an_instant_needs_a_zone(desk: Desk, since: str) -> None:
    answer = await desk.post("/replays", durable=DURABLE, since=since)

    assert (answer.status_code, "since" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-", 10**30])
async def test_an_instant_that_is_none_is_refused(desk: Desk, since: object) -> None:
    assert (await desk.post("/replays", durable=DURABLE, since=since)).status_code == 422


async def test_the_future_is_refused_in_words(desk: Desk) -> None:
    answer = await desk.post("/replays", durable=DURABLE, since=(utc_now() + timedelta(minutes=1)).isoformat())

    assert (answer.status_code, "Zukunft" in answer.json()["title"]) == (422, True)


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00Z", "1677-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
async def test_long_ago_means_everything(bus: Bus, desk: Desk, since: str) -> None:
    await publish(await bus.peer("notices"), a_notice_generated(), a_notice_generated())

    answer = await desk.post("/replays", durable=DURABLE, since=since)

    assert (answer.status_code, answer.json()["published"]) == (202, 2)


async def test_consumers_tell_how_far_they_are(bus: Bus, desk: Desk) -> None:
    async def refuse(_event: CloudEvent[NoticeGenerated]) -> None:
        raise NeverAgain("broken")

    await accounts_consumes(bus, refuse)
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: died(desk))

    told = await desk.durable(DURABLE)
    alerts = await desk.durable("subscriptions-alerts")

    assert {name: told[name] for name in ("identity", "stream", "pending", "rebuildable", "replayable", "lag")} == {
        "identity": "accounts",
        "stream": "NOTICES",
        "pending": 0,
        "rebuildable": False,
        "replayable": True,
        "lag": 0.0,
    }
    assert (alerts["rebuildable"], alerts["stream_whole"], alerts["dead_letters"]) == (True, True, 0)
    assert len(await desk.get("/durables")) == len(DURABLES)


async def died(desk: Desk) -> bool:
    return (await desk.durable(DURABLE))["dead_letters"] == 1
