"""Numbers, check-in and calls on both databases; what happens at the same instant happens once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import uuid4

import pytest

from services.appointments.commands.call import act, call_next
from services.appointments.commands.queue import check_in
from services.appointments.domain.queue import ArrivalError, Ticket
from services.appointments.domain.refusal import MissingError, NotOfferedError, StaleError
from tests.appointments.queues import (
    COLLECT,
    DOG,
    MONDAY,
    OFFICE,
    PASSPORT,
    a_booking,
    a_number,
    open_hall,
    state_of,
    ticket,
)
from tests.appointments.town import Town


@pytest.fixture
async def town(town_url: str) -> AsyncGenerator[Town]:
    async with open_hall(town_url) as ready:
        yield ready


async def called(town: Town, resource: str = "schalter-1") -> Ticket:
    found = await call_next(resource, town.desk)
    assert found is not None
    return found


async def test_numbers_of_a_day_have_no_gap_and_no_double_even_at_once(town: Town) -> None:
    numbers = [each.number for each in await asyncio.gather(*(a_number(town, COLLECT) for _ in range(12)))]

    town.clock.go_on(days=1)
    tomorrow = await a_number(town)

    assert sorted(numbers) == list(range(1, 13))
    assert tomorrow.number == 1


async def test_a_number_asked_for_twice_is_one_number(town: Town) -> None:
    ticket_id = uuid4()

    both = await asyncio.gather(*(a_number(town, ticket_id=ticket_id) for _ in range(2)))

    assert [each.number for each in both] == [1, 1]


async def test_numbers_are_given_only_while_somebody_is_there_to_call_them(town: Town) -> None:
    town.clock.go_on(hours=3)

    with pytest.raises(NotOfferedError):
        await a_number(town)


async def test_a_check_in_gives_one_number_and_marks_the_appointment(town: Town) -> None:
    booking = await a_booking(town, MONDAY + timedelta(minutes=30))

    both = await asyncio.gather(*(check_in(each, OFFICE, town.desk) for each in (booking.booking_id, booking.number)))

    assert len({each.ticket_id for _, each in both}) == 1
    assert both[0][1].due_at == booking.allocation.starts_at
    assert await state_of(town, booking.booking_id) == "arrived"


async def test_who_comes_too_early_to_another_office_or_on_another_day_is_told(town: Town) -> None:
    early = await a_booking(town, MONDAY + timedelta(minutes=65))
    tomorrow = await a_booking(town, MONDAY + timedelta(days=1))
    gone = await a_booking(town, MONDAY, state="cancelled")

    reasons: list[str] = []
    for number, office in [(early, OFFICE), (early, "luederitz"), (tomorrow, OFFICE), (gone, OFFICE)]:
        with pytest.raises(ArrivalError) as refused:
            await check_in(number.number, office, town.desk)
        reasons.append(refused.value.reason)

    assert reasons == ["early", "other_office", "other_day", "over"]
    with pytest.raises(MissingError):
        await check_in("NIEMAND", OFFICE, town.desk)


async def test_clerks_who_call_at_once_never_call_the_same_person(town: Town) -> None:
    tickets = [await a_number(town, PASSPORT) for _ in range(3)]

    found = await asyncio.gather(*(call_next(f"schalter-{counter}", town.desk) for counter in (1, 2, 3)))

    assert {each.ticket_id for each in found if each} == {each.ticket_id for each in tickets}
    assert {(each.state, each.calls) for each in found if each} == {("called", 1)}


async def test_a_tap_that_arrives_twice_calls_one_person(town: Town) -> None:
    for _ in range(3):
        await a_number(town)

    found = await asyncio.gather(*(called(town) for _ in range(4)))

    assert {each.number for each in found} == {1}


async def test_a_counter_calls_only_whom_it_can_help(town: Town) -> None:
    await a_number(town, DOG)
    second = await a_number(town)

    assert (await called(town, "schalter-1")).ticket_id == second.ticket_id
    assert (await called(town, "schalter-3")).number == 1
    assert await call_next("schalter-2", town.desk) is None


async def test_a_room_calls_nobody(town: Town) -> None:
    with pytest.raises(MissingError):
        await call_next("trausaal", town.desk)


async def test_a_visit_goes_from_the_call_to_its_end(town: Town) -> None:
    booking = await a_booking(town, MONDAY)
    await check_in(booking.number, OFFICE, town.desk)
    mine = await called(town)

    await act("schalter-1", mine.ticket_id, "recall", town.desk, by="schalter")
    await act("schalter-1", mine.ticket_id, "serve", town.desk, by="schalter")
    town.clock.go_on(minutes=18)
    done = await act("schalter-1", mine.ticket_id, "done", town.desk, by="schalter")
    again = await act("schalter-1", mine.ticket_id, "done", town.desk, by="schalter")

    assert (done.state, done.calls, done.ended_at) == ("done", 2, town.clock.at)
    assert again == done
    assert await state_of(town, booking.booking_id) == "done"


async def test_nobody_there_means_missed_and_that_can_be_taken_back(town: Town) -> None:
    booking = await a_booking(town, MONDAY)
    await check_in(booking.number, OFFICE, town.desk)
    mine = await called(town)

    await act("schalter-1", mine.ticket_id, "miss", town.desk, by="schalter")
    missed = await state_of(town, booking.booking_id)
    back = await act("schalter-1", mine.ticket_id, "back", town.desk, by="schalter")

    assert missed == "missed"
    assert (back.state, back.resource, back.calls, back.joined_at) == ("waiting", None, 0, mine.joined_at)
    assert await state_of(town, booking.booking_id) == "arrived"
    assert (await called(town)).ticket_id == mine.ticket_id


async def test_who_is_parked_is_not_called_by_itself_but_by_hand(town: Town) -> None:
    first, second = await a_number(town), await a_number(town)
    await called(town)
    await act("schalter-1", first.ticket_id, "park", town.desk, by="schalter")

    assert (await called(town)).ticket_id == second.ticket_id
    with pytest.raises(StaleError):
        await act("schalter-1", first.ticket_id, "call", town.desk, by="schalter")
    assert (await act("schalter-2", first.ticket_id, "call", town.desk, by="schalter")).resource == "schalter-2"
    assert (await ticket(town, first.ticket_id)).calls == 2


async def test_another_counter_cannot_end_a_visit(town: Town) -> None:
    mine = await a_number(town)
    await called(town)

    for action in ("done", "park", "serve", "recall"):
        with pytest.raises(StaleError):
            await act("schalter-2", mine.ticket_id, action, town.desk, by="schalter")
    with pytest.raises(MissingError):
        await act("luederitz-1", mine.ticket_id, "back", town.desk, by="schalter")
    assert (await ticket(town, mine.ticket_id)).state == "called"
