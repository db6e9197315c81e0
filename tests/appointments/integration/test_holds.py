"""Holding a time: exclusive, to the second, once for each id, within limits."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.appointments.commands.hold import hold
from services.appointments.domain.booking import Booking, Item, Wish
from services.appointments.domain.refusal import LimitError, NotOfferedError, TakenError
from tests.appointments.town import NINE, OFFICE, WEDDING, Town, local


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
