"""Who may join the waiting list, and when they are off it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.appointments.commands.offer import offer_freed
from services.appointments.commands.waiting import join
from services.appointments.domain.refusal import LimitError, MissingError, NotOfferedError
from services.appointments.domain.waiting import Joining
from tests.appointments.town import NINE, OPEN_DAY, WEDDING, Town
from tests.appointments.waiting_people import (
    BERT,
    entry_of,
    joined,
    wanted,
)

DAY = timedelta(days=1)


async def test_after_the_last_day_the_entry_ends(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, what=wanted(OPEN_DAY - 8 * DAY, OPEN_DAY - 8 * DAY))
    town.clock.go_on(days=1)

    assert await offer_freed(town.desk) == 0

    assert (await entry_of(town, waiting_id)).state == "expired"


async def test_nobody_waits_for_what_is_not_offered_or_more_often_than_they_may_come(sqlite_town: Town) -> None:
    town = sqlite_town
    with pytest.raises(NotOfferedError):
        await joined(town, what=wanted(offices=("standesamt",)))
    with pytest.raises(NotOfferedError):
        await joined(town, what=wanted(OPEN_DAY - 30 * DAY, OPEN_DAY - 30 * DAY))
    with pytest.raises(NotOfferedError):
        await joined(town, what=wanted(items=WEDDING.items))
    held = await town.held(NINE)
    with pytest.raises(MissingError):
        await joined(town, booking_id=held.booking_id)
    for _ in range(3):
        await joined(town)
    with pytest.raises(LimitError):
        await joined(town)


async def test_nobody_has_us_write_to_many_addresses(sqlite_town: Town) -> None:
    town = sqlite_town
    for number in range(6):
        await joined(town, replace(BERT, email=f"{number}@example.org"), client="192.0.2.1")

    with pytest.raises(LimitError):
        await joined(town, replace(BERT, email="7@example.org"), client="192.0.2.1")

    assert await joined(town, replace(BERT, email="7@example.org"), client="192.0.2.2")


async def test_joining_twice_with_one_id_is_one_entry(sqlite_town: Town) -> None:
    town = sqlite_town
    joining = Joining(await joined(town), wanted(), BERT, None, None)

    entry = await join(joining, town.desk)

    assert entry.place == (await entry_of(town, joining.waiting_id)).place
    assert len(await town.mails()) == 1
