"""The outbox: what is recorded with the state reaches the bus, once, whatever happens to relay and bus."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis import topology
from chassis.clock import utc_now
from chassis.database import Database
from chassis.metrics import REGISTRY
from chassis.outbox import PARK_AFTER, Relay, record
from chassis.tables import OutboxRow, RelayLease
from contracts.base import CloudEvent, Message
from contracts.notices import NoticeGenerated, RenderChunk
from tests.support.databases import opened
from tests.support.events import NOW, TOWN, a_delivery_routed, a_notice_generated
from tests.support.eventually import eventually, running
from tests.support.nats import Bus

TIME_TO_MARK = 0.5


class NotInTheCatalogue(Message):
    subject = "events.notices.rumour_heard.v1"


async def recorded(database: Database, *events: CloudEvent[NoticeGenerated]) -> None:
    async with database.transaction() as session:
        await record(session, events)


async def unsent(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count(OutboxRow.position)).where(OutboxRow.sent_at.is_(None))) or 0


async def all_sent(database: Database) -> bool:
    return await unsent(database) == 0


async def test_the_same_event_twice_is_recorded_once(database: Database) -> None:
    event = a_notice_generated()

    await recorded(database, event)
    await recorded(database, event)

    assert await unsent(database) == 1


async def test_an_event_goes_with_its_transaction_when_that_is_rolled_back(database: Database) -> None:
    async def fail_after_record() -> None:
        async with database.transaction() as session:
            await record(session, [a_notice_generated()])
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail_after_record()

    assert await unsent(database) == 0


async def test_what_the_bus_would_refuse_is_refused_when_recorded(sqlite: Database) -> None:
    rumour = CloudEvent[NotInTheCatalogue](
        id="1", source=f"//rathaus/{TOWN}/x", type="x", subject="1", time=NOW, sequence=1, data=NotInTheCatalogue()
    )
    huge = RenderChunk.model_construct(run_id=uuid4(), chunk=0, chunk_input="x" * 600_000)
    too_large = CloudEvent[RenderChunk].model_construct(
        id="1", source="s", type=RenderChunk.event_type(), subject="1", time=NOW, sequence=1, data=huge
    )

    async with sqlite.transaction() as session:
        with pytest.raises(ValueError, match="catalogue"):
            await record(session, [rumour])
        with pytest.raises(ValueError, match="larger"):
            await record(session, [too_large])


async def test_events_arrive_once_and_in_the_order_of_their_recording(database: Database, bus: Bus) -> None:
    events = [a_notice_generated() for _ in range(120)]
    peer = await bus.peer("notices")

    async with running(Relay(database, name="a").run(peer.client)):
        for start in range(0, 120, 10):
            await recorded(database, *events[start : start + 10])
        await eventually(lambda: all_sent(database))

    arrived = [headers["Nats-Msg-Id"] for _, headers, _ in await bus.messages("NOTICES")]
    assert arrived == [event.key() for event in events]


async def test_a_relay_leaves_no_subscription_behind_with_each_batch(sqlite: Database, bus: Bus) -> None:
    peer = await bus.peer("notices")
    numbers: list[int] = []

    async with running(Relay(sqlite, name="a").run(peer.client)):
        for _ in range(5):
            await recorded(sqlite, a_notice_generated())
            await eventually(lambda: all_sent(sqlite))
            numbers.append(len(vars(peer.client)["_subs"]))

    assert len(set(numbers)) == 1


async def test_a_relay_ends_when_asked_although_it_is_woken_at_the_same_moment(sqlite: Database, bus: Bus) -> None:
    relay = Relay(sqlite, name="a")
    peer = await bus.peer("notices")

    async with asyncio.timeout(10), running(relay.run(peer.client)):
        await eventually(lambda: lease_is_held(sqlite))
        await asyncio.sleep(0.1)
        vars(relay)["_wake"].set()


async def test_of_two_relays_only_one_publishes(database_url: str, bus: Bus) -> None:
    first, second = await bus.peer("notices"), await bus.peer("notices")
    events = [a_notice_generated() for _ in range(60)]

    async with opened(database_url) as one, opened(database_url) as two:
        before = [peer.client.stats["out_msgs"] for peer in (first, second)]
        async with running(Relay(one, name="a").run(first.client), Relay(two, name="b").run(second.client)):
            for event in events:
                await recorded(one, event)
            await eventually(lambda: all_sent(one))
        published = [peer.client.stats["out_msgs"] - base for peer, base in zip((first, second), before, strict=True)]

    assert sorted(published) == [0, 60]
    assert await bus.count("NOTICES") == 60


async def test_a_relay_that_lost_its_lease_marks_nothing(database: Database, own_bus: Bus) -> None:
    peer = await own_bus.peer("notices")
    await recorded(database, a_notice_generated(), a_notice_generated())
    own_bus.server.child.freeze()

    async with running(Relay(database, name="slow").run(peer.client)):
        await eventually(lambda: lease_is_held(database))
        await take_lease_by_force(database)
        own_bus.server.child.thaw()
        await eventually(lambda: stream_holds(own_bus, 2))
        await asyncio.sleep(TIME_TO_MARK)

    assert await unsent(database) == 2


async def lease_is_held(database: Database) -> bool:
    async with database.reading() as session:
        return bool(await session.scalar(select(RelayLease.holder)))


async def take_lease_by_force(database: Database) -> None:
    async with database.transaction() as session:
        lease = await session.get_one(RelayLease, "outbox")
        lease.holder, lease.token, lease.expires_at = "successor", lease.token + 1, time.time() + 600


async def stream_holds(bus: Bus, number: int) -> bool:
    return await bus.count("NOTICES") == number


async def test_a_successor_waits_for_the_lease_of_a_dead_relay_to_run_out(database: Database, bus: Bus) -> None:
    peer = await bus.peer("notices")
    expires_at = time.time() + 1
    async with database.transaction() as session:
        session.add(RelayLease(name="outbox", holder="dead", token=7, expires_at=expires_at))
    await recorded(database, a_notice_generated())

    async with running(Relay(database, name="heir").run(peer.client)):
        await eventually(lambda: all_sent(database))

    assert time.time() > expires_at
    async with database.reading() as session:
        lease = await session.get_one(RelayLease, "outbox")
        assert (lease.holder[:4], lease.token) == ("heir", 8)


async def test_a_row_that_the_bus_refuses_is_parked_and_blocks_nobody(database: Database, bus: Bus) -> None:
    peer = await bus.peer("notices")
    foreign = a_delivery_routed()
    async with database.transaction() as session:
        session.add(
            OutboxRow(
                event_key=foreign.key(), subject=foreign.data.subject, body="{}", recorded_at=utc_now(), failures=0
            )
        )
    await recorded(database, a_notice_generated())

    async with running(Relay(database, name="a", forbids=peer.health.forbids, ack_seconds=0.2).run(peer.client)):
        await eventually(lambda: stream_holds(bus, 1))
        await eventually(lambda: one_is_parked(database))
        await recorded(database, a_notice_generated())
        await eventually(lambda: stream_holds(bus, 2))
        await eventually(told_that_one_is_parked)

    assert "permissions" in " ".join(await peer.health.problems())


async def told_that_one_is_parked() -> bool:
    return REGISTRY.get_sample_value("rathaus_outbox_parked") == 1


async def one_is_parked(database: Database) -> bool:
    async with database.reading() as session:
        return await session.scalar(select(func.count(OutboxRow.parked_at))) == 1


async def test_an_outage_of_the_bus_delays_and_loses_nothing(database: Database, own_bus: Bus) -> None:
    peer = await own_bus.peer("notices")

    async with running(Relay(database, name="a").run(peer.client)):
        await recorded(database, *(a_notice_generated() for _ in range(50)))
        own_bus.server.child.kill()
        await recorded(database, *(a_notice_generated() for _ in range(50)))
        assert await unsent(database) >= 50
        own_bus.server.start()
        await eventually(lambda: all_sent(database))

    assert await own_bus.count("NOTICES") == 100


async def test_rows_are_not_blamed_for_a_stream_that_is_away(sqlite: Database, bus: Bus) -> None:
    peer, caretaker = await bus.peer("notices"), await bus.caretaker()
    await caretaker.stream.delete_stream("NOTICES")

    async with running(Relay(sqlite, name="a").run(peer.client)):
        for _ in range(PARK_AFTER + 3):
            await recorded(sqlite, a_notice_generated())
            await asyncio.sleep(0.1)
        await topology.apply(caretaker.stream)
        await eventually(lambda: all_sent(sqlite))

    assert await bus.count("NOTICES") == PARK_AFTER + 3
    async with sqlite.reading() as session:
        assert await session.scalar(select(func.max(OutboxRow.failures))) == 0


async def test_rows_are_not_blamed_for_a_stream_that_is_silent(sqlite: Database, bus: Bus) -> None:
    caretaker = await bus.caretaker()
    # The caretaker may publish nothing of this kind: for the relay that is a bus that answers and stays silent.
    relay = Relay(sqlite, name="a", ack_seconds=0.05)

    async with running(relay.run(caretaker.client)):
        await recorded(sqlite, a_notice_generated())
        await asyncio.sleep(0.05 * (PARK_AFTER + 3) + 0.5)

    async with sqlite.reading() as session:
        assert await session.scalar(select(func.max(OutboxRow.failures))) == 0
        assert await session.scalar(select(func.count(OutboxRow.parked_at))) == 0


async def test_a_lease_from_the_future_is_taken_over(sqlite: Database, bus: Bus) -> None:
    peer = await bus.peer("notices")
    async with sqlite.transaction() as session:
        session.add(RelayLease(name="outbox", holder="wrong clock", token=3, expires_at=time.time() + 86_400))
    await recorded(sqlite, a_notice_generated())

    async with running(Relay(sqlite, name="heir").run(peer.client)):
        await eventually(lambda: all_sent(sqlite))
