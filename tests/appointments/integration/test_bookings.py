"""From the hold to the end of an appointment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.appointments.commands.cancel import cancel
from services.appointments.commands.confirm import confirm, confirm_by_link
from services.appointments.commands.links import send_links
from services.appointments.commands.move import move
from services.appointments.commands.settle import settle
from services.appointments.domain.booking import Audience, Booking, Person
from services.appointments.domain.refusal import (
    HoldExpiredError,
    LimitError,
    MissingError,
    ProofNeededError,
    StaleError,
    TakenError,
)
from services.appointments.storage import history
from tests.appointments.town import ANNA, NINE, PASSPORT, Town, local

TEN = local("2026-12-01 10:00")
BOOKED = "events.appointments.appointment_booked.v1"
MOVED = "events.appointments.appointment_moved.v1"
CANCELLED = "events.appointments.appointment_cancelled.v1"
MISSED = "events.appointments.appointment_missed.v1"


async def kinds(town: Town) -> set[str]:
    return {each.kind for each in await town.claims()}


async def done_with(town: Town, booking: Booking) -> list[str]:
    async with town.desk.database.reading() as session:
        return [each.what for each in await history.of_booking(session, booking.booking_id)]


async def moved(town: Town, booking: Booking, *, audience: Audience = "public", resource: str | None = None) -> Booking:
    seen, by = booking.version, "citizen" if audience == "public" else "tresen-1"
    return await move(
        booking.booking_id, None, TEN, town.desk, by=by, seen_version=seen, audience=audience, resource=resource
    )


async def test_a_hold_becomes_an_appointment_and_everybody_is_told_once(town: Town) -> None:
    held = await town.held()

    booked, again = [await confirm(held.booking_id, ANNA, town.desk, proven=True) for _ in range(2)]

    assert booked == again == await town.found(held.booking_id)
    assert (booked.state, booked.person, booked.expires_at) == ("booked", ANNA, None)
    assert await kinds(town) == {"booked"}
    assert (await town.events(), len(await town.mails())) == ([BOOKED], 1)
    assert await done_with(town, booked) == ["booked"]


async def test_a_hold_that_ran_out_counts_until_somebody_takes_the_time(town: Town) -> None:
    first, second = await town.held(), await town.held()
    town.clock.go_on(minutes=20)

    late = await confirm(first.booking_id, ANNA, town.desk, proven=True)
    other = await town.held()
    with pytest.raises(HoldExpiredError):
        await confirm(second.booking_id, ANNA, town.desk, proven=True)

    assert (late.state, other.allocation) == ("booked", second.allocation)


async def test_only_what_is_held_can_be_confirmed(town: Town) -> None:
    held = await town.held()
    await town.cancelled(held.booking_id)

    with pytest.raises(StaleError):
        await confirm(held.booking_id, ANNA, town.desk, proven=True)
    with pytest.raises(MissingError):
        await confirm(uuid4(), ANNA, town.desk, proven=True)


async def test_who_has_proven_nothing_confirms_by_the_link_in_the_mail(town: Town) -> None:
    held = await town.held()

    waiting = await confirm(held.booking_id, ANNA, town.desk, proven=False)
    town.clock.go_on(minutes=59)
    full = await asyncio.gather(town.held(), town.held(), return_exceptions=True)
    booked, again = [await confirm_by_link(held.booking_id, town.desk) for _ in range(2)]

    assert (waiting.state, waiting.expires_at) == ("unconfirmed", held.created_at + timedelta(minutes=60))
    assert sum(isinstance(each, TakenError) for each in full) == 1
    assert booked.state == again.state == "booked"
    assert await town.events() == [BOOKED]


async def test_without_proof_and_without_an_address_nobody_books(town: Town) -> None:
    held = await town.held()

    with pytest.raises(ProofNeededError):
        await confirm(held.booking_id, replace(ANNA, email=None), town.desk, proven=False)

    assert (await town.found(held.booking_id)).state == "held"


async def test_one_address_has_so_many_appointments_to_come_and_staff_may_give_more(town: Town) -> None:
    most = town.desk.settings.most_per_email
    for each in range(most):
        await town.booked(NINE + timedelta(minutes=20 * each), person=replace(ANNA, email="Anna@Example.org"))
    held = await town.held(local("2026-12-01 13:00"))

    with pytest.raises(LimitError) as refused:
        await confirm(held.booking_id, ANNA, town.desk, proven=True)
    by_staff = await confirm(held.booking_id, ANNA, town.desk, by="tresen-1", proven=True)

    assert (refused.value.what, by_staff.state) == ("email", "booked")


async def test_the_limit_of_an_address_holds_for_whoever_confirms_many_at_once(town: Town) -> None:
    held = [await town.held(NINE + timedelta(minutes=20 * each)) for each in range(6)]

    outcomes = await asyncio.gather(
        *(confirm(each.booking_id, ANNA, town.desk, proven=True) for each in held), return_exceptions=True
    )

    assert sum(isinstance(each, Booking) for each in outcomes) == town.desk.settings.most_per_email
    assert sum(isinstance(each, LimitError) for each in outcomes) == 3


async def test_a_cancelled_appointment_comes_back_to_the_web_at_a_time_nobody_foresees(town: Town) -> None:
    first = await town.booked()
    await town.booked()

    gone, again = [await town.cancelled(first.booking_id) for _ in range(2)]
    with pytest.raises(TakenError):
        await town.held()
    staff = await town.held(audience="staff", over_quarantine=True, resource="schalter-1", by="tresen-1")
    await town.cancelled(staff.booking_id)
    town.clock.go_on(minutes=40)
    later = await town.held()

    assert (gone.state, gone.version, again.version) == ("cancelled", 3, 3)
    assert {staff.state, later.state} == {"held"}
    assert (await town.events())[-1] == CANCELLED
    assert len(town.freed) >= 1


async def test_the_wait_after_a_cancellation_never_goes_past_the_start(town: Town) -> None:
    booking = await town.booked()
    town.clock.at = NINE - timedelta(minutes=5)

    await town.cancelled(booking.booking_id)

    assert {each.expires_at for each in await town.claims()} == {NINE}


async def test_a_hold_is_given_back_at_once_and_nobody_is_told(town: Town) -> None:
    held = await town.held()

    await town.cancelled(held.booking_id)

    assert await town.claims() == []
    assert (await town.events(), await town.mails()) == ([], [])


async def test_a_booking_that_has_changed_is_not_cancelled_unseen_nor_one_that_has_begun(town: Town) -> None:
    booking = await town.booked()

    with pytest.raises(StaleError):
        await cancel(booking.booking_id, town.desk, by="citizen", seen_version=booking.version - 1)
    town.clock.at = NINE
    with pytest.raises(StaleError):
        await town.cancelled(booking.booking_id)
    by_staff = await town.cancelled(booking.booking_id, by="tresen-1")

    assert by_staff.state == "cancelled"


async def test_an_appointment_moves_with_both_times_in_one_step(town: Town) -> None:
    booking = await town.booked()

    later = await moved(town, booking)
    again = await moved(town, booking)
    with pytest.raises(StaleError):
        await moved(town, booking, resource="schalter-3", audience="staff")

    claims = await town.claims()
    assert later == again
    assert (later.allocation.starts_at, later.version, later.number) == (TEN, booking.version + 1, booking.number)
    assert [each.kind for each in claims].count("booked") == 4
    assert {each.tick for each in claims if each.kind == "quarantine"} == set(booking.allocation.claimed)
    assert (await town.events(), len(await town.mails())) == ([BOOKED, MOVED], 2)


async def test_an_appointment_may_overlap_with_itself_and_stays_at_its_counter(town: Town) -> None:
    booking = await town.booked(TEN - timedelta(minutes=10))
    await town.booked(TEN)

    later = await moved(town, booking)

    claims = [each for each in await town.claims() if each.booking_id == booking.booking_id]
    assert later.allocation.resources == booking.allocation.resources
    assert {each.tick for each in claims if each.kind == "booked"} == set(later.allocation.claimed)
    assert {each.tick for each in claims if each.kind == "quarantine"} == {
        booking.allocation.first_tick,
        booking.allocation.first_tick + 1,
    }


async def test_a_move_to_a_time_that_is_taken_changes_nothing(town: Town) -> None:
    booking = await town.booked()
    await town.booked(TEN)
    await town.booked(TEN)
    before = [(each.resource, each.tick, each.kind) for each in await town.claims()]

    with pytest.raises(TakenError):
        await moved(town, booking)

    assert await town.found(booking.booking_id) == booking
    assert [(each.resource, each.tick, each.kind) for each in await town.claims()] == before


async def test_the_web_does_not_move_to_a_time_that_is_kept_after_a_cancellation(town: Town) -> None:
    booking = await town.booked()
    for each in [await town.booked(TEN) for _ in range(2)]:
        await town.cancelled(each.booking_id)

    with pytest.raises(TakenError):
        await moved(town, booking)

    assert (await moved(town, booking, audience="staff", resource="schalter-1")).allocation.starts_at == TEN


async def test_of_two_moves_at_once_one_counts(town: Town) -> None:
    booking = await town.booked()
    to = ("schalter-1", "schalter-2")

    outcomes = await asyncio.gather(*(moved(town, booking, resource=each) for each in to), return_exceptions=True)

    winner = next(each for each in outcomes if isinstance(each, Booking))
    assert [type(each) for each in outcomes].count(StaleError) == 1
    assert await town.found(booking.booking_id) == winner


async def test_who_came_who_did_not_and_a_mistake_are_noted(town: Town) -> None:
    booking = await town.booked()

    with pytest.raises(StaleError):
        await settle(booking.booking_id, "missed", town.desk, by="tresen-1")
    town.clock.at = NINE
    states = ("arrived", "done", "booked", "missed", "missed")
    outcomes = [await settle(booking.booking_id, each, town.desk, by="tresen-1") for each in states]

    assert [each.state for each in outcomes] == list(states)
    assert await done_with(town, booking) == ["booked", "arrived", "done", "undone", "missed"]
    assert await town.events() == [BOOKED, MISSED]


async def test_only_an_appointment_can_be_settled(town: Town) -> None:
    held = await town.held()

    with pytest.raises(StaleError):
        await settle(held.booking_id, "arrived", town.desk, by="tresen-1")


async def test_whoever_has_lost_their_links_gets_those_of_all_appointments_to_come(sqlite_town: Town) -> None:
    town = sqlite_town
    for each in (NINE, TEN):
        await town.booked(each)
    await town.booked(TEN, person=Person("Bernd Muster", "bernd@example.org"))

    await send_links(" ANNA@example.org", town.desk)
    await send_links("nobody@example.org", town.desk)

    links = [each for each in await town.mails() if each.purpose == "appointment_links"]
    assert [each.recipient for each in links] == ["anna@example.org"]


async def test_a_number_is_short_and_can_be_read_out(sqlite_town: Town) -> None:
    numbers = {(await sqlite_town.held(NINE, PASSPORT)).number for _ in range(2)}

    assert len(numbers) == 2
    assert all(len(each) == 6 and not set(each) & set("01OI") for each in numbers)
