"""What attendants tap: once each, never over something they have not seen, and told at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from chassis.database import Database
from contracts.foreign import PoolClosure
from contracts.subscriptions import PoolClosed, PoolReopened
from services.subscriptions import queries
from services.subscriptions.commands.change_pool import StaleTapError, Tap, tap
from tests.subscriptions.said import MASTER, NOW, POOL, closing, obey, subscriptions_at, told


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


def a_closing(seen: int, *, reason: PoolClosure = "storm", tap_id: UUID | None = None) -> Tap:
    return Tap(tap_id or uuid4(), POOL, seen, "kasse-1", reason)


def an_opening(seen: int, *, mistaken: bool = False, tap_id: UUID | None = None) -> Tap:
    return Tap(tap_id or uuid4(), POOL, seen, "kasse-1", None, mistaken=mistaken)


async def tapped(database: Database, command: Tap, *, at: datetime = NOW) -> queries.Json:
    await tap(command, database=database, master=MASTER, now=lambda: at)
    async with database.reading() as session:
        found = await queries.pool(session, MASTER, POOL, at=at)
    assert found is not None
    return found


async def test_a_tap_closes_at_our_instant(database: Database) -> None:
    shown = await tapped(database, a_closing(0))

    (event,) = await told(database)
    assert event.data == PoolClosed(pool=POOL, reason="storm", closed_at=NOW, reported_by="kasse-1")
    assert (shown["state"], shown["since"], shown["version"]) == ("closed", NOW.isoformat(), 1)
    assert shown["incident"] is not None


async def test_the_same_tap_sent_again_has_no_second_effect(database: Database) -> None:
    first, second = a_closing(0), an_opening(1)

    await tapped(database, first)
    await tapped(database, second)
    again = await tapped(database, first)

    assert (again["state"], again["version"]) == ("open", 2)
    assert len(await told(database)) == 2


async def test_two_attendants_at_the_same_instant_close_once(database: Database) -> None:
    await asyncio.gather(*(tapped(database, a_closing(0)) for _ in range(3)))

    assert [event.sequence for event in await told(database)] == [1]


@pytest.mark.parametrize(
    "late",
    [a_closing(0, reason="thunderstorm"), replace(a_closing(0), until=NOW + timedelta(hours=1)), an_opening(0)],
    ids=["other reason", "other end", "opening"],
)
async def test_a_tap_that_somebody_overtook_is_refused_not_dropped(database: Database, late: Tap) -> None:
    await tapped(database, a_closing(0))

    with pytest.raises(StaleTapError):
        await tapped(database, late)


async def test_a_mistake_is_not_taken_for_an_opening_that_others_made(database: Database) -> None:
    await tapped(database, a_closing(0))
    await tapped(database, an_opening(1))

    with pytest.raises(StaleTapError):
        await tapped(database, replace(an_opening(1), mistaken=True))


async def test_a_tap_on_an_old_page_does_not_undo_what_others_have_done(database: Database) -> None:
    await tapped(database, a_closing(0))
    await tapped(database, an_opening(1))

    with pytest.raises(StaleTapError):
        await tapped(database, a_closing(1))
    opened = await tapped(database, an_opening(1))

    assert (opened["state"], opened["version"]) == ("open", 2)


async def test_a_refused_tap_may_be_repeated_and_is_refused_again(database: Database) -> None:
    await tapped(database, a_closing(0))
    late = an_opening(0)

    for _ in range(2):
        with pytest.raises(StaleTapError):
            await tapped(database, late)

    assert len(await told(database)) == 1


async def test_close_open_close_within_a_second_counts_each_time(database: Database) -> None:
    for seen, command in enumerate((a_closing(0), an_opening(1), a_closing(2))):
        shown = await tapped(database, command, at=NOW + timedelta(milliseconds=seen))
        assert shown["version"] == seen + 1

    assert [type(event.data) for event in await told(database)] == [PoolClosed, PoolReopened, PoolClosed]


async def test_a_clock_that_stands_still_or_goes_back_swallows_no_tap(database: Database) -> None:
    await tapped(database, a_closing(0))
    await tapped(database, an_opening(1))

    closed = await tapped(database, a_closing(2), at=NOW - timedelta(seconds=30))

    assert (closed["state"], closed["version"]) == ("closed", 3)


async def test_a_report_from_a_clock_ahead_of_ours_does_not_make_taps_stale(database: Database) -> None:
    await obey(database, closing(NOW + timedelta(minutes=4)))

    opened = await tapped(database, an_opening(1))

    assert opened["state"] == "open"


async def test_a_wrong_closure_is_taken_back_as_a_mistake(database: Database) -> None:
    await tapped(database, a_closing(0))
    await tapped(database, an_opening(1, mistaken=True))

    opened = (await told(database))[1].data
    assert isinstance(opened, PoolReopened)
    assert opened.mistaken


async def test_another_reason_corrects_the_closure(database: Database) -> None:
    await tapped(database, a_closing(0))

    shown = await tapped(database, a_closing(1, reason="technical"))

    assert (shown["reason"], shown["version"]) == ("technical", 2)
