"""Which offers are worth making: in time to come, of use, open still, and not one after the other to who is asleep."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.appointments.commands.answer import accept, reconsider, refuse
from services.appointments.commands.edit_calendar import Draft, save, show_calendar
from services.appointments.commands.move import move
from services.appointments.commands.offer import offer_freed
from services.appointments.domain.calendar import SpecialDays
from services.appointments.domain.calendar_record import Hours
from services.appointments.domain.refusal import HoldExpiredError
from tests.appointments.town import ANNA, NINE, NOW, OFFICE, OPEN_DAY, Town, local
from tests.appointments.waiting_people import BERT, CARLA, entry_of, fill, joined, offer_to, wanted

DAY = timedelta(days=1)
MONDAY = NOW.date()


async def test_what_begins_too_soon_to_read_the_mail_and_come_is_not_offered(sqlite_town: Town) -> None:
    town = sqlite_town
    town.clock.at = local("2026-11-23 08:56")
    waiting_id = await joined(town, BERT, wanted(MONDAY, MONDAY))

    await offer_freed(town.desk)

    offer = await offer_to(town, waiting_id)
    assert offer is not None
    assert offer.allocation.starts_at == local("2026-11-23 10:00"), (
        "at 9:40 they would have 15 minutes to answer and 29"
    )
    assert offer.expires_at == local("2026-11-23 09:11")


async def test_who_says_yes_after_the_start_has_nothing_booked(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, BERT)
    await offer_freed(town.desk)
    offer = await offer_to(town, waiting_id)
    assert offer is not None
    town.clock.at = offer.allocation.starts_at + timedelta(minutes=1)

    with pytest.raises(HoldExpiredError):
        await accept(waiting_id, town.desk)

    assert (await town.found(offer.booking_id)).state == "expired"


async def test_an_offer_on_a_day_that_was_closed_meanwhile_is_not_booked(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, BERT)
    await offer_freed(town.desk)
    offer = await offer_to(town, waiting_id)
    assert offer is not None
    await close_the_office(town, OPEN_DAY)

    with pytest.raises(HoldExpiredError):
        await accept(waiting_id, town.desk)

    assert (await town.found(offer.booking_id)).state == "expired"
    assert (await entry_of(town, waiting_id)).state == "waiting"


async def test_nobody_gives_an_earlier_appointment_up_for_a_later_one(sqlite_town: Town) -> None:
    town = sqlite_town
    old = await town.booked(NINE + 2 * DAY, person=ANNA)
    waiting_id = await joined(town, ANNA, booking_id=old.booking_id)
    await offer_freed(town.desk)
    offer = await offer_to(town, waiting_id)
    assert offer is not None
    earlier = NINE - DAY
    await move(old.booking_id, None, earlier, town.desk, by="citizen", seen_version=old.version, audience="public")

    with pytest.raises(HoldExpiredError):
        await accept(waiting_id, town.desk)

    kept = await town.found(old.booking_id)
    assert (kept.state, kept.allocation.starts_at) == ("booked", earlier)
    assert (await town.found(offer.booking_id)).state == "expired"


async def test_who_sleeps_is_not_woken_every_quarter_of_an_hour(sqlite_town: Town) -> None:
    """All times are free: without a pause a night would be forty offers, each kept from others."""
    town = sqlite_town
    waiting_id = await joined(town, BERT, wanted(OPEN_DAY, OPEN_DAY + 3 * DAY))

    made = await rounds(town, hours=10)

    assert made == 5
    assert (await entry_of(town, waiting_id)).state in ("waiting", "offered")


async def test_an_answer_ends_the_pause(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, BERT, wanted(OPEN_DAY, OPEN_DAY + 3 * DAY))
    for _ in range(2):
        await offer_freed(town.desk)
        town.clock.go_on(minutes=16)
    assert await offer_freed(town.desk) == 0
    town.clock.go_on(minutes=60)
    assert await offer_freed(town.desk) == 1

    await refuse(waiting_id, town.desk)

    assert await offer_freed(town.desk) == 1


async def test_who_let_one_offer_pass_is_the_first_again_for_the_next(sqlite_town: Town) -> None:
    town = sqlite_town
    booked = await fill(town)
    first, second = await joined(town, BERT, wanted(to_time=None)), await joined(town, CARLA)
    await town.cancelled(booked[0].booking_id)
    await offer_freed(town.desk)
    town.clock.go_on(minutes=16)

    await offer_freed(town.desk)

    mine, theirs = await offer_to(town, first), await offer_to(town, second)
    assert mine is not None
    assert theirs is not None
    assert theirs.allocation.starts_at == NINE
    assert mine.allocation.starts_at > NINE


async def test_a_hasty_no_is_taken_back_although_another_time_is_offered_by_now(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, BERT, wanted())
    await offer_freed(town.desk)
    first = await offer_to(town, waiting_id)
    await refuse(waiting_id, town.desk)
    await offer_freed(town.desk)
    second = await offer_to(town, waiting_id)

    assert first is not None
    await reconsider(waiting_id, town.desk, offer_id=first.booking_id)
    await offer_freed(town.desk)

    again = await offer_to(town, waiting_id)
    assert second is not None
    assert again is not None
    assert again.allocation.starts_at == first.allocation.starts_at
    assert (await town.found(second.booking_id)).state == "expired"
    assert (await entry_of(town, waiting_id)).refused == ()


async def rounds(town: Town, *, hours: int) -> int:
    """Let time go by; return how many offers were made."""
    made = 0
    for _ in range(hours * 12):
        made += await offer_freed(town.desk)
        town.clock.go_on(minutes=5)
    return made


async def close_the_office(town: Town, day: date) -> None:
    calendar = (await show_calendar(town.desk, OFFICE)).calendar
    closed = SpecialDays(
        uuid4(), None, "closed", "public", day, day, None, None, even_on_holidays=False, reason="Fortbildung"
    )
    hours = Hours(calendar.series, (closed,))
    await save(town.desk, Draft(OFFICE, hours, calendar.version, "planer", keep_collisions=True))
