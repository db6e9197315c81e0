"""How much one client holds and one address books: exactly so much, also when all of it comes in the same instant."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.appointments.commands.confirm import confirm, confirm_by_link
from services.appointments.commands.hold import hold
from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import LimitError, TakenError
from services.appointments.planner import Planner
from services.appointments.storage.tables import ClaimRow
from services.appointments.together import Together
from tests.appointments.town import ANNA, NINE, Town, local

CLIENT = "192.0.2.7"


def replica(desk: Desk) -> Desk:
    planner = Planner(desk.database, desk.master, replica_seconds=desk.settings.replica_seconds)
    return replace(desk, planner=planner, together=Together())


def at(number: int) -> str:
    return f"2026-12-0{1 + number // 20} {9 + number % 20 // 3:02}:{20 * (number % 3):02}"


async def changed(town: Town, before: Booking, number: int, *, client: str = CLIENT) -> Booking:
    """Choose another time while the form is filled."""
    return await town.held(local(at(number)), client=client, replaces=before.booking_id)


async def holds(town: Town) -> set[UUID]:
    """Whose claims nobody else may take now."""
    claims: list[ClaimRow] = await town.claims()
    return {each.booking_id for each in claims if each.expires_at is not None and each.expires_at > town.clock()}


async def test_many_replicas_at_once_give_one_client_no_more_than_its_limit(town: Town) -> None:
    most = town.desk.settings.holds_per_client
    orders = [town.order(local(at(number)), client=CLIENT) for number in range(2 * most)]

    outcomes = await asyncio.gather(*(hold(each, replica(town.desk)) for each in orders), return_exceptions=True)

    assert sorted(type(each).__name__ for each in outcomes) == ["Booking"] * most + ["LimitError"] * most


async def test_groups_of_many_replicas_give_many_clients_no_more_than_their_limit(town: Town) -> None:
    most = town.desk.settings.holds_per_client
    desks = [replica(town.desk) for _ in range(3)]
    clients = [f"192.0.2.{number % 2}" for number in range(4 * most)]
    orders = [town.order(local(at(number)), client=each) for number, each in enumerate(clients)]

    outcomes = await asyncio.gather(
        *(hold(each, desks[number % 3]) for number, each in enumerate(orders)), return_exceptions=True
    )

    held = [client for client, each in zip(clients, outcomes, strict=True) if isinstance(each, Booking)]
    assert {each: held.count(each) for each in clients} == {"192.0.2.0": most, "192.0.2.1": most}


async def test_whoever_changes_the_time_ten_times_has_made_one_hold(town: Town) -> None:
    held = await town.held(client=CLIENT)
    for number in range(1, 11):
        town.clock.go_on(minutes=1)
        held = await changed(town, held, number)
        assert await holds(town) == {held.booking_id}
        assert await town.found(held.booking_id) == held

    more = [await town.held(local(at(number)), client=CLIENT) for number in range(20, 25)]
    with pytest.raises(LimitError):
        await town.held(local(at(30)), client=CLIENT)

    assert held.expires_at == more[0].expires_at
    assert await holds(town) == {each.booking_id for each in (held, *more)}


async def test_a_change_may_overlap_with_what_it_gives_back_and_is_one_when_asked_twice(town: Town) -> None:
    await town.booked()
    held = await town.held(client=CLIENT)
    order = town.order(NINE + timedelta(minutes=10), client=CLIENT, replaces=held.booking_id)

    first, second = [await hold(order, town.desk) for _ in range(2)]

    assert first == second
    assert await holds(town) == {first.booking_id}
    assert (await town.found(held.booking_id)).state == "cancelled"


async def test_who_cannot_have_the_other_time_keeps_the_first(town: Town) -> None:
    held = await town.held(client=CLIENT)
    for _ in range(2):
        await town.booked(local(at(1)))

    with pytest.raises(TakenError):
        await changed(town, held, 1)

    assert await town.found(held.booking_id) == held
    assert held.booking_id in await holds(town)


async def test_nobody_keeps_times_from_others_by_changing_on_and_on(town: Town) -> None:
    """Six times at once, each for less than half an hour: then it counts anew, and the hour is full."""
    most = town.desk.settings.holds_per_client
    chain = [await town.held(local(at(number)), client=CLIENT) for number in range(most)]
    for minutes in (14, 14):
        town.clock.go_on(minutes=minutes)
        for place, each in enumerate(chain):
            try:
                chain[place] = await changed(town, each, 10 + place + minutes)
            except LimitError:
                continue
        assert len(await holds(town)) <= most

    town.clock.go_on(minutes=1)

    assert await holds(town) == set()
    with pytest.raises(LimitError):
        await town.held(local(at(40)), client=CLIENT)


async def test_only_ones_own_live_hold_makes_room_for_another(town: Town) -> None:
    most = town.desk.settings.holds_per_client
    booked = await town.booked(local(at(1)), client=CLIENT)
    over = await town.held(local(at(2)), client=CLIENT)
    town.clock.go_on(minutes=16)
    foreign = await town.held(client="192.0.2.8")
    mine = [await town.held(local(at(number)), client=CLIENT) for number in range(3, most + 1)]

    for each in (booked, over, foreign):
        with pytest.raises(LimitError):
            await changed(town, each, 12)
    freed = await changed(town, mine[0], 12)

    assert (await town.found(booked.booking_id)).state == "booked"
    assert await holds(town) == {each.booking_id for each in (foreign, *mine[1:], freed)}


async def test_a_change_from_elsewhere_frees_the_time_and_not_the_count(town: Town) -> None:
    most = town.desk.settings.holds_per_client
    for each in [await town.held(local(at(number)), client=CLIENT) for number in range(most)]:
        fresh = await changed(town, each, 20, client="192.0.2.8")
        await town.cancelled(fresh.booking_id)

    with pytest.raises(LimitError):
        await town.held(client=CLIENT)

    assert await holds(town) == set()


async def test_of_two_changes_at_once_one_is_a_change_and_nothing_is_lost(town: Town) -> None:
    held = await town.held(client=CLIENT)
    desks = (town.desk, replica(town.desk))
    orders = [town.order(local(at(number)), client=CLIENT, replaces=held.booking_id) for number in (5, 6)]

    outcomes = await asyncio.gather(*(hold(each, desk) for each, desk in zip(orders, desks, strict=True)))

    assert await holds(town) == {each.booking_id for each in outcomes}
    assert (await town.found(held.booking_id)).state == "cancelled"


async def test_a_link_opened_too_late_gets_nobody_past_the_limit_of_an_address(town: Town) -> None:
    most = town.desk.settings.most_per_email
    late = await town.held(local(at(20)))
    await confirm(late.booking_id, ANNA, town.desk, proven=False)
    town.clock.go_on(minutes=61)
    for number in range(most):
        await town.booked(local(at(number)))

    with pytest.raises(LimitError):
        await confirm_by_link(late.booking_id, town.desk)

    assert (await town.found(late.booking_id)).state == "unconfirmed"
