"""The waiting list: a freed time goes to the first who wants it, and to nobody twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.appointments.commands.answer import accept, leave, refuse
from services.appointments.commands.confirm import confirm
from services.appointments.commands.offer import GRACE, Offers, offer_freed
from services.appointments.domain.refusal import HoldExpiredError, StaleError
from tests.appointments.town import ANNA, NINE, OPEN_DAY, PASSPORT, Town
from tests.appointments.waiting_people import (
    BERT,
    CARLA,
    another_replica,
    entry_of,
    fill,
    joined,
    offer_to,
    wanted,
    web_gets,
)
from tests.support.eventually import eventually, running

DAY = timedelta(days=1)


async def test_a_freed_time_is_held_for_the_first_on_the_list_and_not_for_the_web(town: Town) -> None:
    booked = await fill(town)
    first, second = await joined(town, BERT), await joined(town, CARLA)
    await town.cancelled(booked[0].booking_id)

    made = await offer_freed(town.desk)

    offer = await offer_to(town, first)
    assert made == 1
    assert offer is not None
    assert (offer.state, offer.channel) == ("held", "waiting_list")
    assert offer.allocation.starts_at == booked[0].allocation.starts_at
    assert offer.expires_at == town.clock() + timedelta(minutes=15)
    assert await offer_to(town, second) is None
    town.clock.go_on(minutes=14)
    assert not await web_gets(town, booked[0].allocation.starts_at)


async def test_who_is_offered_a_time_gets_a_mail_and_who_joins_gets_one_too(sqlite_town: Town) -> None:
    town = sqlite_town
    booked = await fill(town)
    await joined(town, BERT)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)

    purposes = [each.purpose for each in await town.mails() if each.recipient == "bert@example.org"]

    assert sorted(purposes) == ["appointment_offered", "appointment_waiting"]


async def test_the_offer_is_accepted_without_a_second_form(town: Town) -> None:
    booked = await fill(town)
    waiting_id = await joined(town, BERT)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)

    got = await accept(waiting_id, town.desk)
    again = await accept(waiting_id, town.desk)

    assert (got.state, got.person) == ("booked", BERT)
    assert again == got
    assert (await entry_of(town, waiting_id)).state == "taken"
    assert (await town.events())[-1] == "events.appointments.appointment_booked.v1"
    assert not await web_gets(town, got.allocation.starts_at)


async def test_what_is_refused_goes_to_the_next_at_once_and_not_to_the_web(town: Town) -> None:
    booked = await fill(town)
    first, second = await joined(town, BERT), await joined(town, CARLA)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)

    await refuse(first, town.desk)
    assert not await web_gets(town, booked[0].allocation.starts_at)
    await offer_freed(town.desk)

    offer = await offer_to(town, second)
    assert offer is not None
    assert offer.allocation.starts_at == booked[0].allocation.starts_at
    assert (await entry_of(town, first)).state == "waiting"
    assert len(town.freed) == 4, "joined twice, cancelled, refused"


async def test_an_offer_that_nobody_answers_goes_to_the_next_before_the_web_sees_it(town: Town) -> None:
    booked = await fill(town)
    first, second = await joined(town, BERT), await joined(town, CARLA)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)
    town.clock.go_on(minutes=15.5)

    assert not await web_gets(town, booked[0].allocation.starts_at)
    await offer_freed(town.desk)

    assert (await offer_to(town, second)) is not None
    with pytest.raises(HoldExpiredError):
        await accept(first, town.desk)


async def test_who_let_all_offers_pass_is_not_asked_the_same_again(sqlite_town: Town) -> None:
    town = sqlite_town
    booked = await fill(town)
    waiting_id = await joined(town, BERT)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)
    await refuse(waiting_id, town.desk)

    made = await offer_freed(town.desk)

    assert made == 0
    town.clock.go_on(minutes=41)
    assert await web_gets(town, booked[0].allocation.starts_at)


async def test_the_appointment_that_one_had_is_given_up_in_the_moment_of_acceptance(town: Town) -> None:
    booked = await fill(town)
    old = await town.booked(NINE + 2 * DAY, person=ANNA)
    waiting_id = await joined(town, ANNA, booking_id=old.booking_id)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)
    assert (await town.found(old.booking_id)).state == "booked"

    new = await accept(waiting_id, town.desk)

    assert new.state == "booked"
    assert (await town.found(old.booking_id)).state == "cancelled"
    assert (await town.events())[-2:] == [
        "events.appointments.appointment_cancelled.v1",
        "events.appointments.appointment_booked.v1",
    ]


async def test_an_offer_that_is_somebody_elses_by_now_costs_nobody_the_appointment_they_have(town: Town) -> None:
    booked = await fill(town)
    old = await town.booked(NINE + 2 * DAY, person=ANNA)
    waiting_id = await joined(town, ANNA, booking_id=old.booking_id)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)
    town.clock.go_on(minutes=15 + GRACE.total_seconds() / 60)
    assert await web_gets(town, booked[0].allocation.starts_at)

    with pytest.raises(HoldExpiredError):
        await accept(waiting_id, town.desk)

    assert (await town.found(old.booking_id)).state == "booked"


async def test_who_has_an_appointment_is_offered_earlier_ones_only(sqlite_town: Town) -> None:
    town = sqlite_town
    old = await town.booked(NINE, person=ANNA)
    later = await joined(town, ANNA, wanted(OPEN_DAY, OPEN_DAY + 7 * DAY), booking_id=old.booking_id)
    earlier = await joined(town, ANNA, wanted(OPEN_DAY - DAY, OPEN_DAY + 7 * DAY), booking_id=old.booking_id)

    await offer_freed(town.desk)

    assert await offer_to(town, later) is None
    offer = await offer_to(town, earlier)
    assert offer is not None
    assert offer.allocation.starts_at == NINE - DAY


async def test_three_appointments_and_one_to_give_up_do_not_stand_in_the_way(sqlite_town: Town) -> None:
    town = sqlite_town
    three = [await town.booked(NINE + number * DAY) for number in (1, 2, 3)]
    waiting_id = await joined(town, ANNA, booking_id=three[0].booking_id)
    await offer_freed(town.desk)

    assert (await accept(waiting_id, town.desk)).state == "booked"


async def test_two_rounds_at_the_same_time_give_everybody_one_offer(town: Town) -> None:
    people = [await joined(town, BERT, wanted()) for _ in range(3)]
    people += [await joined(town, CARLA, wanted()) for _ in range(3)]
    second = another_replica(town)

    made = await asyncio.gather(*(offer_freed(each) for each in (town.desk, second, town.desk)))

    offers = [await offer_to(town, each) for each in people]
    assert sum(made) == 6
    assert all(offers)
    held = {each.booking_id for each in await town.claims()}
    assert held == {each.booking_id for each in offers if each is not None}


async def test_the_round_begins_when_something_is_freed(sqlite_town: Town) -> None:
    town = sqlite_town
    offers = Offers(town.desk.database)
    booked = await fill(town)
    waiting_id = await joined(town, BERT)

    async with running(offers.run(town.desk)):
        await town.cancelled(booked[0].booking_id)
        offers.wake()

        async def is_offered() -> bool:
            return await offer_to(town, waiting_id) is not None

        await eventually(is_offered)


async def test_leaving_the_list_passes_the_offer_on(sqlite_town: Town) -> None:
    town = sqlite_town
    booked = await fill(town)
    first, second = await joined(town, BERT), await joined(town, CARLA)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)

    await leave(first, town.desk)
    await leave(first, town.desk)
    await offer_freed(town.desk)

    assert (await entry_of(town, first)).state == "ended"
    assert await offer_to(town, second) is not None
    with pytest.raises(StaleError):
        await accept(first, town.desk)


async def test_an_offer_booked_through_its_own_link_counts_as_taken(sqlite_town: Town) -> None:
    town = sqlite_town
    old = await town.booked(NINE + 2 * DAY)
    waiting_id = await joined(town, ANNA, booking_id=old.booking_id)
    await offer_freed(town.desk)
    offer = await offer_to(town, waiting_id)
    assert offer is not None
    await confirm(offer.booking_id, ANNA, town.desk, by="counter", proven=True)

    await offer_freed(town.desk)

    assert (await entry_of(town, waiting_id)).state == "taken"
    assert (await town.found(old.booking_id)).state == "cancelled"
    assert (await town.found(offer.booking_id)).state == "booked"


async def test_an_offer_cancelled_through_its_own_link_is_refused(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, BERT, wanted())
    await offer_freed(town.desk)
    offer = await offer_to(town, waiting_id)
    assert offer is not None
    await town.cancelled(offer.booking_id)

    await offer_freed(town.desk)

    entry = await entry_of(town, waiting_id)
    assert entry.refused == (offer.allocation.first_tick,)
    next_offer = await offer_to(town, waiting_id)
    assert next_offer is not None
    assert next_offer.allocation.starts_at > offer.allocation.starts_at


async def test_what_was_held_for_the_list_is_found_again_after_a_kill(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town)
    await offer_freed(town.desk)
    offer = await offer_to(town, waiting_id)
    assert offer is not None

    reborn = another_replica(town)
    assert await offer_freed(reborn) == 0

    assert (await accept(waiting_id, reborn)).booking_id == offer.booking_id
    assert PASSPORT.items == offer.items


async def test_a_round_that_is_killed_at_any_moment_loses_no_offer_and_doubles_none(town: Town) -> None:
    people = [await joined(town, replace(BERT, email=f"{number}@example.org"), wanted()) for number in range(5)]

    for thousandths in range(0, 30, 2):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(offer_freed(another_replica(town)))
            await asyncio.wait({task}, timeout=thousandths / 1000)
            task.cancel()
        await _held_are_those_who_are_offered(town, people)
    await offer_freed(town.desk)

    assert all([await offer_to(town, each) for each in people])
    await _held_are_those_who_are_offered(town, people)
    assert sum(each.purpose == "appointment_offered" for each in await town.mails()) == len(people)


async def _held_are_those_who_are_offered(town: Town, people: list[UUID]) -> None:
    offers = [await offer_to(town, each) for each in people]
    assert {each.booking_id for each in await town.claims()} == {each.booking_id for each in offers if each}
