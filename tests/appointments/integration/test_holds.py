"""Holding a time: exclusive, to the second, once for each id, within limits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.hold import hold
from services.appointments.domain.booking import Booking, Item, Wish
from services.appointments.domain.refusal import LimitError, NotOfferedError, StaleError, TakenError
from services.appointments.storage.tables import UsedProofRow
from tests.appointments.town import NINE, NOW, OFFICE, OPEN_DAY, PASSPORT, WEDDING, Town, local


async def held_or_not(town: Town, **more: Any) -> Booking | Exception:
    try:
        return await town.held(**more)
    except (TakenError, LimitError) as error:
        return error


async def test_a_time_is_held_at_one_counter_and_then_at_the_other(town: Town) -> None:
    first, second = await town.held(), await town.held()

    with pytest.raises(TakenError):
        await town.held()

    assert {first.allocation.resources, second.allocation.resources} == {("schalter-1",), ("schalter-2",)}
    assert (first.state, first.version, first.expires_at) == ("held", 1, town.clock() + timedelta(minutes=15))
    assert len(await town.claims()) == 2 * 4


async def test_twenty_who_want_the_same_time_at_once_get_what_there_is(town: Town) -> None:
    outcomes = await asyncio.gather(*(held_or_not(town) for _ in range(20)))

    held = [each for each in outcomes if isinstance(each, Booking)]
    assert len(held) == 2
    assert sorted(each.allocation.resources for each in held) == [("schalter-1",), ("schalter-2",)]
    assert all(isinstance(each, Booking | TakenError) for each in outcomes)


async def test_the_same_hold_asked_again_is_one_hold(town: Town) -> None:
    order = town.order()

    several = await asyncio.gather(*(hold(order, town.desk) for _ in range(4)))
    later = await hold(order, town.desk)

    assert {(each.allocation, each.number) for each in (*several, later)} == {(later.allocation, later.number)}
    assert len(await town.claims()) == 4


async def test_an_id_that_is_something_else_by_now_gets_nothing(town: Town) -> None:
    order = town.order()
    held = await hold(order, town.desk)
    moved_on = replace(order, starts_at=NINE + timedelta(hours=1))
    other_counter = replace(order, resource="schalter-2")

    for each in (moved_on, other_counter, replace(order, channel="staff")):
        with pytest.raises(StaleError):
            await hold(each, town.desk)
    assert await hold(order, town.desk) == held
    await town.cancelled(held.booking_id)
    with pytest.raises(StaleError):
        await hold(order, town.desk)

    assert await town.claims() == []


async def test_of_many_at_once_only_the_client_over_its_limit_gets_nothing(town: Town) -> None:
    most = town.desk.settings.holds_per_client
    starts = [NINE + timedelta(minutes=20 * each) for each in range(most)]
    for each in starts:
        await town.held(each, client="192.0.2.1")

    orders = [town.order(each, client=f"192.0.2.{number}") for number, each in enumerate(starts, 1)]
    outcomes = await asyncio.gather(*(hold(each, town.desk) for each in orders), return_exceptions=True)

    assert [type(each) for each in outcomes] == [LimitError, *[Booking] * (most - 1)]


async def test_a_hold_that_ran_out_is_taken_over_along_with_others(town: Town) -> None:
    old = [await town.held() for _ in range(2)]
    town.clock.go_on(minutes=15)

    orders = [town.order(NINE + timedelta(minutes=20 * each)) for each in (1, 0, 2, 0, 0)]
    outcomes = await asyncio.gather(*(hold(each, town.desk) for each in orders), return_exceptions=True)

    assert sorted(type(each).__name__ for each in outcomes) == ["Booking"] * 4 + ["TakenError"]
    assert not {each.booking_id for each in await town.claims()} & {each.booking_id for each in old}


async def test_what_is_done_with_a_hold_is_done_once_although_others_spoil_the_first_try(town: Town) -> None:
    await town.held()
    spoiled = town.order(client="192.0.2.1")

    async def also(session: AsyncSession, booking: Booking) -> None:
        session.add(UsedProofRow(challenge=booking.number, expires_at=NOW))
        await session.flush()
        if booking.booking_id == spoiled.booking_id:
            raise NotOfferedError("queue")

    orders = [town.order(NINE + timedelta(minutes=20 * each)) for each in range(1, 5)]
    outcomes = await asyncio.gather(
        *(hold(each, town.desk, also=also) for each in (orders[0], spoiled, *orders[1:])), return_exceptions=True
    )

    numbers = {each.number for each in outcomes if isinstance(each, Booking)}
    async with town.desk.database.reading() as session:
        assert set(await session.scalars(select(UsedProofRow.challenge))) == numbers
    assert [type(each).__name__ for each in outcomes].count("NotOfferedError") == 1
    assert len(numbers) == 4


async def test_what_is_done_with_holds_that_are_written_together_is_done_with_each(town: Town) -> None:
    async def also(session: AsyncSession, booking: Booking) -> None:
        session.add(UsedProofRow(challenge=booking.number, expires_at=NOW))

    orders = [town.order(NINE + timedelta(minutes=20 * each)) for each in range(6)]
    held = await asyncio.gather(*(hold(each, town.desk, also=also) for each in orders))

    async with town.desk.database.reading() as session:
        assert set(await session.scalars(select(UsedProofRow.challenge))) == {each.number for each in held}


@pytest.mark.parametrize("which", [0, 1, 3])
async def test_who_goes_away_while_holds_are_written_takes_nobody_along(town: Town, which: int) -> None:
    await town.held(local("2026-12-01 15:00"))
    orders = [town.order(NINE + timedelta(minutes=20 * each)) for each in range(4)]

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(hold(each, town.desk)) for each in orders]
        for _ in range(12):
            await asyncio.sleep(0)
        tasks[which].cancel()

    assert all(isinstance(each.result(), Booking) for number, each in enumerate(tasks) if number != which)
    assert await hold(orders[which], town.desk) == await town.found(orders[which].booking_id)
    day = await town.desk.planner.days(PASSPORT, OPEN_DAY, 1, audience="public", now=town.clock())
    taken = [(await town.found(each.booking_id)).allocation for each in orders]
    assert all(not town.desk.planner.looks_free(each, now=town.clock()) for each in taken)
    assert day[0].starts


async def test_a_hold_ends_on_the_second(town: Town) -> None:
    await town.held()
    other = await town.held()

    town.clock.at = other.expires_at - timedelta(seconds=1) if other.expires_at else town.clock.at
    early = await held_or_not(town)
    town.clock.go_on(minutes=1 / 60)
    late = await held_or_not(town)

    assert isinstance(early, TakenError)
    assert isinstance(late, Booking)


async def test_a_visit_that_overlaps_with_a_hold_on_both_counters_is_refused(town: Town) -> None:
    await town.held(local("2026-12-01 09:10"))
    await town.held(local("2026-12-01 09:10"))

    overlapping = await held_or_not(town)
    behind = await town.held(local("2026-12-01 09:30"))

    assert isinstance(overlapping, TakenError)
    assert behind.state == "held"


async def test_several_services_take_one_counter_for_their_time_together(town: Town) -> None:
    family = await town.held(wish=Wish(OFFICE, (Item("reisepass", 2), Item("abholung"))))

    ticks = [each.tick for each in await town.claims()]
    assert family.allocation.ends_at - family.allocation.starts_at == timedelta(minutes=45)
    assert (len(family.allocation.resources), len(ticks)) == (1, 9)


async def test_a_wedding_takes_clerk_and_room_with_the_time_to_tidy_up(town: Town) -> None:
    wedding = await town.held(local("2026-12-01 10:00"), WEDDING)

    claims = await town.claims()
    assert wedding.allocation.ends_at == local("2026-12-01 10:45")
    assert {each.resource for each in claims} == {"standesbeamtin", "trausaal"}
    assert len(claims) == 2 * 12


async def test_a_client_holds_so_many_times_an_hour_and_staff_as_many_as_they_like(town: Town) -> None:
    most = town.desk.settings.holds_per_client
    starts = [NINE + timedelta(minutes=20 * each) for each in range(most)]
    orders = [town.order(each, client="2001:db8:1:2::1") for each in starts]
    for each in orders:
        await hold(each, town.desk)

    with pytest.raises(LimitError) as refused:
        await town.held(local("2026-12-01 13:00"), client="2001:db8:1:2:ffff::9")
    again = await hold(orders[0], town.desk)
    neighbour = await town.held(local("2026-12-01 13:00"), client="2001:db8:1:3::1")
    staff = await town.held(local("2026-12-01 13:00"), by="tresen-1")
    town.clock.go_on(hours=1)
    later = await town.held(local("2026-12-01 14:00"), client="2001:db8:1:2::1")

    assert (refused.value.what, refused.value.until) == ("client", again.created_at + timedelta(hours=1))
    assert {each.state for each in (neighbour, staff, later)} == {"held"}


async def test_what_the_calendar_does_not_offer_is_no_hold(town: Town) -> None:
    order = town.order(local("2026-12-01 15:50"))

    with pytest.raises(NotOfferedError) as refused:
        await hold(order, town.desk)

    assert refused.value.reason == "closed"
    assert await town.claims() == []


async def test_a_crowd_that_comes_too_late_writes_nothing(sqlite_town: Town) -> None:
    town = sqlite_town
    await town.held()
    await town.held()

    # The only writer is busy for as long as this goes on: whoever wrote would wait for ever.
    async with town.desk.database.transaction():
        late = await asyncio.wait_for(asyncio.gather(*(held_or_not(town, booking_id=uuid4()) for _ in range(5))), 5)

    assert all(isinstance(each, TakenError) for each in late)
