"""What is drawn free is what was really given back: nobody is shown a time that somebody else has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from services.appointments.commands.confirm import confirm
from services.appointments.commands.move import move
from services.appointments.commands.offer import GRACE, offer_freed
from services.appointments.domain.booking import Booking
from services.appointments.domain.refusal import LimitError
from tests.appointments.town import ANNA, NINE, OPEN_DAY, PASSPORT, Town, local
from tests.appointments.waiting_people import BERT, entry_of, fill, joined, offer_to


async def offered(town: Town) -> set[datetime]:
    (day,) = await town.desk.planner.days(PASSPORT, OPEN_DAY, 1, audience="public", now=town.clock())
    return set(day.starts)


async def overtaken(town: Town, *, unconfirmed: bool = False) -> list[Booking]:
    """Two holds that run out, and then two appointments at the same counters."""
    held = [await town.held() for _ in range(2)]
    if unconfirmed:
        held = [await confirm(each.booking_id, ANNA, town.desk, proven=False) for each in held]
    town.clock.go_on(minutes=61)
    await fill(town)
    return held


async def test_cancelling_a_hold_that_ran_out_shows_nobody_the_time_of_somebody_else(town: Town) -> None:
    held = await overtaken(town)

    for each in held:
        await town.cancelled(each.booking_id)

    assert NINE not in await offered(town)


async def test_a_second_cancellation_draws_nothing(town: Town) -> None:
    booked = await town.booked()
    await town.cancelled(booked.booking_id)
    town.clock.go_on(hours=1)
    await fill(town)

    await town.cancelled(booked.booking_id)

    assert NINE not in await offered(town)


async def test_asking_again_for_what_waited_too_long_draws_nothing(town: Town) -> None:
    held = await overtaken(town, unconfirmed=True)

    again = await confirm(held[0].booking_id, ANNA, town.desk, proven=False)

    assert again == held[0]
    assert NINE not in await offered(town)


async def test_of_a_hold_that_is_partly_somebody_elses_only_the_rest_is_drawn_free(town: Town) -> None:
    first, second = await town.held(), await town.held()
    await town.held(local("2026-12-01 09:20"))
    town.clock.go_on(minutes=16)
    ten_past = [await town.booked(local("2026-12-01 09:10")) for _ in range(2)]

    for each in (first, second):
        await town.cancelled(each.booking_id)

    assert len(ten_past) == 2
    assert not {NINE, local("2026-12-01 09:10"), local("2026-12-01 09:15")} & await offered(town)


async def test_an_offer_that_ran_out_and_was_taken_by_the_web_is_not_drawn_free(town: Town) -> None:
    booked = await fill(town)
    waiting_id = await joined(town, BERT)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)
    assert await offer_to(town, waiting_id) is not None
    town.clock.go_on(minutes=15 + GRACE.total_seconds() / 60 + 1)
    await town.booked(person=replace(ANNA, email="web@example.org"))

    await offer_freed(town.desk)

    assert (await entry_of(town, waiting_id)).state == "waiting"
    assert NINE not in await offered(town)


async def test_nobody_keeps_times_from_others_by_moving_on_and_on(town: Town) -> None:
    booking = await town.booked()
    starts = [local(f"2026-12-01 {hour:02}:00") for hour in (10, 11, 12, 13, 14, 15)]

    async def go(at: datetime, by: str = "citizen") -> Booking:
        seen = (await town.found(booking.booking_id)).version
        return await move(booking.booking_id, None, at, town.desk, by=by, seen_version=seen, audience="public")

    for each in starts:
        await go(each)
    with pytest.raises(LimitError):
        await go(local("2026-12-02 09:00"))
    assert (await go(local("2026-12-02 09:00"), by="tresen-1")).version == booking.version + 7
    town.clock.go_on(minutes=61)

    assert (await go(local("2026-12-02 10:00"))).allocation.starts_at == local("2026-12-02 10:00")
