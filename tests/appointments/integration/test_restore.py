"""A cancellation that was a mistake is taken back, unless somebody else has the time by now."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from email import message_from_bytes
from uuid import uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import select

from chassis.mail_tables import OutgoingMail
from chassis.tables import OutboxRow
from services.appointments.commands.edit_calendar import Draft, save
from services.appointments.commands.restore import restore
from services.appointments.domain.booking import Booking
from services.appointments.domain.calendar_record import Hours
from services.appointments.domain.refusal import MissingError, NotOfferedError, StaleError, TakenError
from services.appointments.storage import history, reminders
from tests.appointments.openings import special
from tests.appointments.town import ANNA, NINE, OFFICE, OPEN_DAY, PASSPORT, Town

BOOKED = "events.appointments.appointment_booked.v1"
CANCELLED = "events.appointments.appointment_cancelled.v1"


async def restored(town: Town, gone: Booking) -> Booking:
    return await restore(gone.booking_id, town.desk, by="tresen-1", seen_version=gone.version)


async def sequences(town: Town) -> list[tuple[str, str]]:
    async with town.desk.database.reading() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.position))
        return [(each.subject, str(json.loads(each.body)["sequence"])) for each in rows]


def entry_of(mail: OutgoingMail) -> tuple[str, str, int, str]:
    """Method, UID, sequence and status of what a mail enters into a calendar."""
    (file,) = [each for each in message_from_bytes(mail.content).walk() if each.get_content_type() == "text/calendar"]
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = Calendar.from_ical(content)
    (event,) = calendar.events
    return str(calendar["method"]), str(event["uid"]), int(event["sequence"]), str(event["status"])


@pytest.mark.parametrize("by", ["citizen", "tresen-1"])
async def test_a_cancelled_appointment_is_valid_again_and_everybody_is_told(town: Town, by: str) -> None:
    booked = await town.booked()
    gone = await town.cancelled(booked.booking_id, by=by)

    again, twice = [await restored(town, gone) for _ in range(2)]

    assert again == twice == await town.found(booked.booking_id)
    assert (again.state, again.allocation, again.person) == ("booked", booked.allocation, ANNA)
    assert {(each.booking_id, each.kind, each.expires_at) for each in await town.claims()} == {
        (booked.booking_id, "booked", None)
    }
    assert await sequences(town) == [(BOOKED, "2"), (CANCELLED, "3"), (BOOKED, "4")]
    async with town.desk.database.reading() as session:
        done = [(each.what, each.by) for each in await history.of_booking(session, booked.booking_id)]
        wanted = await reminders.wanted(session, booked.booking_id)
    assert done == [("booked", "citizen"), ("cancelled", by), ("restored", "tresen-1")]
    assert wanted is not None
    assert (wanted.version, wanted.remind_at is None) == (4, False)


async def test_the_entry_in_the_calendar_comes_alive_again(town: Town) -> None:
    booked = await town.booked()
    gone = await town.cancelled(booked.booking_id)

    await restored(town, gone)

    entries = sorted((entry_of(each) for each in await town.mails()), key=lambda each: each[2])
    assert [(method, number, status) for method, _, number, status in entries] == [
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
        ("REQUEST", 3, "CONFIRMED"),
    ]
    assert len({uid for _, uid, _, _ in entries}) == 1


async def test_what_the_web_may_have_again_is_theirs_as_long_as_nobody_has_taken_it(town: Town) -> None:
    first, second = [await town.cancelled((await town.booked()).booking_id) for _ in range(2)]
    town.clock.go_on(minutes=41)
    other = await town.held()
    theirs, free = (first, second) if other.allocation == first.allocation else (second, first)

    with pytest.raises(TakenError):
        await restored(town, theirs)
    again = await restored(town, free)
    with pytest.raises(TakenError):
        await town.held()

    assert again.state == "booked"
    assert await town.found(theirs.booking_id) == theirs


async def test_nobody_gets_what_is_kept_since_somebody_elses_cancellation(town: Town) -> None:
    """Staff may give it to whom they like, but not unseen: the waiting list is asked first."""
    first = await town.cancelled((await town.booked(resource="schalter-1")).booking_id)
    second = await town.booked(audience="staff", over_quarantine=True, resource="schalter-1", by="tresen-1")
    await town.cancelled(second.booking_id)

    with pytest.raises(TakenError):
        await restored(town, first)


async def test_of_a_restoration_and_a_hold_at_the_same_moment_one_gets_the_time(town: Town) -> None:
    gone = [await town.cancelled((await town.booked()).booking_id) for _ in range(2)]
    town.clock.go_on(minutes=41)

    outcomes = await asyncio.gather(
        *(restored(town, each) for each in gone), town.held(), town.held(), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["Booking"] * 2 + ["TakenError"] * 2


async def test_only_what_was_an_appointment_to_come_is_restored_and_only_as_it_was_seen(town: Town) -> None:
    booked = await town.booked()
    held = await town.cancelled((await town.held()).booking_id)
    gone = await town.cancelled(booked.booking_id)

    for each in (held, replace(gone, version=gone.version - 1)):
        with pytest.raises(StaleError):
            await restored(town, each)
    with pytest.raises(MissingError):
        await restored(town, replace(gone, booking_id=uuid4()))
    town.clock.at = NINE
    with pytest.raises(StaleError):
        await restored(town, gone)


async def test_nobody_is_called_to_a_closed_door(sqlite_town: Town) -> None:
    town = sqlite_town
    gone = await town.cancelled((await town.booked()).booking_id)
    hours = await town.desk.planner.calendar(OFFICE)
    closed = Hours(hours.series, (special("closed", OPEN_DAY),))
    await save(town.desk, Draft(OFFICE, closed, hours.version, "planung"))

    with pytest.raises(NotOfferedError) as refused:
        await restored(town, gone)

    assert refused.value.reason == "closed"


async def test_a_restored_appointment_is_shown_as_taken(sqlite_town: Town) -> None:
    town = sqlite_town
    booked = [await town.booked() for _ in range(2)]
    gone = await town.cancelled(booked[0].booking_id)
    town.clock.go_on(minutes=41)
    before = await town.desk.planner.days(PASSPORT, OPEN_DAY, 1, audience="public", now=town.clock())

    await restored(town, gone)

    after = await town.desk.planner.days(PASSPORT, OPEN_DAY, 1, audience="public", now=town.clock())
    assert NINE in before[0].starts
    assert NINE not in after[0].starts
