"""Entries of the waiting list that end by themselves: told once, and nothing is kept of who waited."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from sqlalchemy import select

from services.appointments.commands.answer import accept, leave
from services.appointments.commands.forget import forget
from services.appointments.commands.offer import offer_freed
from services.appointments.storage.tables import WaitingRow
from tests.appointments.town import ANNA, NINE, OPEN_DAY, Town
from tests.appointments.waiting_people import AT_NINE, BERT, CARLA, another_replica, entry_of, fill, joined, wanted

DAY = timedelta(days=1)
ENDED = "appointment_waiting_over"


async def ended_mails(town: Town) -> list[str]:
    """What those are told whose time on the list is over."""
    mails = [each for each in await town.mails() if each.purpose == ENDED]
    bodies = (message_from_bytes(each.content, policy=policy.default).get_body(("plain",)) for each in mails)
    return [body.get_content() for body in bodies if body is not None]


async def row(town: Town, waiting_id: UUID) -> WaitingRow:
    async with town.desk.database.reading() as session:
        found = await session.scalar(select(WaitingRow).where(WaitingRow.waiting_id == waiting_id))
    assert found is not None
    return found


async def waited_in_vain(town: Town, *, booking_id: UUID | None = None) -> UUID:
    await fill(town)
    waiting_id = await joined(town, CARLA, AT_NINE, booking_id=booking_id)
    await offer_freed(town.desk)
    town.clock.at = NINE + DAY
    return waiting_id


async def test_who_has_waited_in_vain_is_told_with_the_ways_to_go_on(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await waited_in_vain(town)

    await offer_freed(town.desk)

    (told,) = await ended_mails(town)
    assert (await entry_of(town, waiting_id)).state == "expired"
    assert "Tuesday, 1 December 2026" in told
    assert "/en/termin/warteliste?anliegen=reisepass%3A1" in told
    assert "/en/termin/zeit?anliegen=reisepass%3A1" in told
    assert "Carla" not in told, "somebody else may have given this address"


async def test_they_are_told_once_whoever_ends_the_entry_and_however_often_it_is_killed(town: Town) -> None:
    await waited_in_vain(town)

    for thousandths in range(0, 20, 2):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(offer_freed(another_replica(town)))
            await asyncio.wait({task}, timeout=thousandths / 1000)
            task.cancel()
    await asyncio.gather(offer_freed(town.desk), offer_freed(another_replica(town)), forget(town.desk))

    assert len(await ended_mails(town)) == 1


async def test_who_wanted_to_come_earlier_is_told_that_their_appointment_stays(sqlite_town: Town) -> None:
    town = sqlite_town
    old = await town.booked(NINE + 7 * DAY, person=ANNA)
    await waited_in_vain(town, booking_id=old.booking_id)

    await offer_freed(town.desk)

    (told,) = await ended_mails(town)
    assert "Tuesday, 8 December 2026, 9:00" in told
    assert "stays" in told


async def test_nobody_waits_for_an_earlier_time_once_they_have_been_there(sqlite_town: Town) -> None:
    town = sqlite_town
    old = await town.booked(NINE, person=ANNA)
    waiting_id = await joined(town, ANNA, wanted(OPEN_DAY, OPEN_DAY + 7 * DAY), booking_id=old.booking_id)
    town.clock.at = NINE + timedelta(hours=1)

    assert await offer_freed(town.desk) == 0

    assert (await entry_of(town, waiting_id)).state == "expired"
    assert await ended_mails(town) == []


@pytest.mark.parametrize("end", ["left", "taken", "over"])
async def test_nothing_is_kept_of_who_waited_when_the_entry_ends(sqlite_town: Town, end: str) -> None:
    town = sqlite_town
    booked = await fill(town)
    waiting_id = await joined(town, BERT)
    await town.cancelled(booked[0].booking_id)
    if end == "left":
        await leave(waiting_id, town.desk)
    else:
        await offer_freed(town.desk)
    if end == "taken":
        await accept(waiting_id, town.desk)
    if end == "over":
        town.clock.at = NINE + DAY
        await offer_freed(town.desk)

    kept = await row(town, waiting_id)

    assert (kept.name, kept.email, kept.email_key, kept.phone) == (None, None, None, None)
