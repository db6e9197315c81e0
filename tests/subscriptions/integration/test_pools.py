"""Commands for pools on both databases: twice, out of order and at once, and what is told of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise, permutations

import pytest

from chassis.database import Database
from chassis.errors import NeverAgain
from contracts.subscriptions import PoolClosed, PoolReopened
from services.subscriptions import queries
from services.subscriptions.commands.change_pool import CLOCK_SKEW
from services.subscriptions.storage.tables import PoolRow
from tests.subscriptions.said import MASTER, NOON, NOW, POOL, after, closing, obey, reopening, subscriptions_at, told


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


async def state(database: Database, name: str = POOL) -> queries.Json:
    async with database.reading() as session:
        found = await queries.pool(session, MASTER, name, at=NOW)
    assert found is not None
    return found


async def test_a_closure_is_kept_and_told(database: Database) -> None:
    await obey(database, closing(NOON, until=after(120)))

    (event,) = await told(database)
    assert event.data == PoolClosed(
        pool=POOL, reason="thunderstorm", closed_at=NOON, until=after(120), reported_by="badkasse"
    )
    assert (event.subject, event.sequence, event.time) == (POOL, 1, NOW)
    shown = await state(database)
    assert (shown["state"], shown["since"], shown["until"]) == ("closed", NOON.isoformat(), after(120).isoformat())
    assert (shown["reason"], shown["reported_by"], shown["version"]) == ("thunderstorm", "badkasse", 1)


async def test_an_opening_is_told_after_the_closure(database: Database) -> None:
    await obey(database, closing(NOON))
    await obey(database, reopening(after(45)))

    events = await told(database)
    assert [event.sequence for event in events] == [1, 2]
    assert events[1].data == PoolReopened(pool=POOL, reopened_at=after(45), reported_by="badkasse")
    assert (await state(database))["state"] == "open"


async def test_a_mistaken_closure_is_told_as_such(database: Database) -> None:
    await obey(database, closing(NOON))
    await obey(database, reopening(after(5), mistaken=True))

    assert (await told(database))[1].data == PoolReopened(
        pool=POOL, reopened_at=after(5), mistaken=True, reported_by="badkasse"
    )


async def test_a_command_delivered_twice_is_told_once(database: Database) -> None:
    command = closing(NOON)

    await asyncio.gather(*(obey(database, command) for _ in range(4)))
    await obey(database, command)

    assert [event.sequence for event in await told(database)] == [1]


async def test_a_corrected_closure_is_told_again_with_its_first_instant(database: Database) -> None:
    await obey(database, closing(NOON))
    await obey(database, closing(after(10)))
    await obey(database, closing(after(20), reason="water_quality"))
    await obey(database, closing(after(30), reason="water_quality", until=after(300)))

    closed = [event.data for event in await told(database) if isinstance(event.data, PoolClosed)]
    assert [(each.reason, each.until) for each in closed] == [
        ("thunderstorm", None),
        ("water_quality", None),
        ("water_quality", after(300)),
    ]
    assert {each.closed_at for each in closed} == {NOON}


async def test_commands_in_any_order_leave_the_last_state(database: Database) -> None:
    for number, order in enumerate(permutations(range(3))):
        pool = f"bad-{number}"
        commands = [
            closing(NOON, pool=pool),
            reopening(after(10), pool=pool),
            closing(after(20), pool=pool, reason="staff"),
        ]
        for position in order:
            await obey(database, commands[position])

    async with database.reading() as session:
        pools = await queries.pools(session, MASTER, at=NOW)
    assert {(each["state"], each["reason"]) for each in pools if each["pool"] != POOL} == {("closed", "staff")}
    assert len(pools) == 6 + 1


async def test_replicas_at_once_lose_no_change_and_tell_each_version_once(database_url: str) -> None:
    count, names = 20, ("bad-1", "bad-2", "bad-3")
    async with subscriptions_at(database_url) as database:
        # A second replica is possible on PostgreSQL only; on SQLite one process owns the file.
        other = database if database.is_sqlite else Database(database_url)
        for name in names:
            commands = [
                reopening(after(minute), pool=name) if minute % 2 else closing(after(minute), pool=name)
                for minute in range(count)
            ]
            await asyncio.gather(
                *(obey(database if number % 3 else other, command) for number, command in enumerate(commands))
            )
        events = await told(database)
        async with database.reading() as session:
            rows = [await session.get_one(PoolRow, name) for name in names]
        await other.close()

    for row in rows:
        mine = [event for event in events if event.subject == row.pool]
        assert (row.state, row.as_of) == ("open", after(count - 1))
        assert [event.sequence for event in mine] == list(range(1, row.version + 1))
        assert all(type(before.data) is not type(behind.data) for before, behind in pairwise(mine))


async def test_pools_do_not_wait_for_each_other(database: Database) -> None:
    names = [f"bad-{number}" for number in range(8)]

    await asyncio.gather(*(obey(database, closing(NOON, pool=name)) for name in names))

    events = await told(database)
    assert sorted((event.subject, event.sequence) for event in events) == [(name, 1) for name in names]


async def test_an_instant_in_the_future_would_make_all_else_stale_and_is_refused(database: Database) -> None:
    with pytest.raises(NeverAgain, match="instant_in_the_future"):
        await obey(database, closing(NOW + CLOCK_SKEW * 2))
    await obey(database, closing(NOW + CLOCK_SKEW / 2))

    assert len(await told(database)) == 1
