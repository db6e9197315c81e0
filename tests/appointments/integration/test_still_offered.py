"""Nobody books a closed door or a time that is over, although they held it in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.appointments.commands.confirm import confirm, confirm_by_link
from services.appointments.commands.edit_calendar import Draft, save
from services.appointments.domain.calendar_record import Hours
from services.appointments.domain.refusal import NotOfferedError
from tests.appointments.openings import special
from tests.appointments.town import ANNA, NINE, OFFICE, OPEN_DAY, Town


async def close(town: Town) -> None:
    hours = await town.desk.planner.calendar(OFFICE)
    closed = Hours(hours.series, (special("closed", OPEN_DAY),))
    await save(town.desk, Draft(OFFICE, closed, hours.version, "planung", keep_collisions=True))


async def test_a_time_at_which_the_office_has_closed_meanwhile_is_not_booked(sqlite_town: Town) -> None:
    town = sqlite_town
    held, waiting = await town.held(), await town.held()
    await confirm(waiting.booking_id, ANNA, town.desk, proven=False)

    await close(town)

    with pytest.raises(NotOfferedError, match="closed"):
        await confirm(held.booking_id, ANNA, town.desk, proven=True)
    with pytest.raises(NotOfferedError, match="closed"):
        await confirm_by_link(waiting.booking_id, town.desk)
    assert not [each for each in await town.claims() if each.kind == "booked"]


async def test_what_was_booked_before_the_closure_stays_booked_when_asked_again(sqlite_town: Town) -> None:
    town = sqlite_town
    booked = await town.booked()

    await close(town)

    assert await confirm(booked.booking_id, ANNA, town.desk, proven=True) == booked
    assert await confirm_by_link(booked.booking_id, town.desk) == booked


async def test_a_time_that_has_begun_meanwhile_is_not_booked(sqlite_town: Town) -> None:
    town = sqlite_town
    held = await town.held()

    town.clock.at = NINE + timedelta(minutes=1)

    with pytest.raises(NotOfferedError, match="too_soon"):
        await confirm(held.booking_id, ANNA, town.desk, proven=True)
