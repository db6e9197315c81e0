"""What follows from a booking, a move, a cancellation: event, history, mail and reminder, all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

from sqlalchemy import select

from services.appointments.commands.confirm import confirm
from services.appointments.commands.mails import record_links
from services.appointments.commands.settle import settle
from services.appointments.commands.tell import tell
from services.appointments.domain.booking import Allocation, Booking
from services.appointments.storage.reminders import Wanted, unscheduled
from services.appointments.storage.tables import BookingChangeRow
from tests.appointments.town import ANNA, NINE, Town, local

_EVENT = "events.appointments.appointment_{}.v1"


async def moved(town: Town, booking: Booking, first_tick: int) -> tuple[Booking, Allocation]:
    """As if it had been moved."""
    after = replace(booking, version=booking.version + 1, allocation=replace(booking.allocation, first_tick=first_tick))
    async with town.desk.database.transaction() as session:
        await tell(session, town.desk, after, "moved", previous=booking.allocation)
    return after, booking.allocation


async def history(town: Town) -> list[tuple[str, str]]:
    async with town.desk.database.reading() as session:
        rows = await session.scalars(select(BookingChangeRow).order_by(BookingChangeRow.change_id))
        return [(row.what, row.by) for row in rows]


async def to_schedule(town: Town) -> list[Wanted]:
    async with town.desk.database.reading() as session:
        return list(await unscheduled(session, most=100))


async def subjects(town: Town) -> list[tuple[str, str, str]]:
    """Purpose, subject and kinds of parts of each mail."""
    found: list[tuple[str, str, str]] = []
    for each in sorted(await town.mails(), key=lambda mail: (mail.recorded_at, mail.purpose)):
        mail = message_from_bytes(each.content, policy=policy.default)
        kinds = [part.get_content_subtype() for part in mail.walk() if not part.is_multipart()]
        found.append((each.purpose, mail["Subject"], " ".join(kinds)))
    return found


async def test_a_booking_is_told_to_the_bus_to_the_person_and_to_the_history(town: Town) -> None:
    booking = await town.booked()

    assert await town.events() == [_EVENT.format("booked")]
    assert await history(town) == [("booked", "citizen")]
    assert await subjects(town) == [
        ("appointment_booked", "Ihr Termin: Dienstag, 1. Dezember 2026, 9:00 Uhr", "plain html calendar")
    ]
    assert await to_schedule(town) == [Wanted(booking.booking_id, booking.version, NINE - timedelta(hours=24))]


async def test_a_move_takes_the_reminder_along(town: Town) -> None:
    booking = await town.booked()

    after, _ = await moved(town, booking, booking.allocation.first_tick + 288)

    assert (await town.events())[1:] == [_EVENT.format("moved")]
    assert [each[0] for each in await subjects(town)] == ["appointment_booked", "appointment_moved"]
    assert await to_schedule(town) == [Wanted(after.booking_id, after.version, NINE)]


async def test_a_cancellation_is_told_and_takes_the_reminder_away(town: Town) -> None:
    booking = await town.booked()
    town.clock.go_on(minutes=1)

    await town.cancelled(booking.booking_id, by="Schalter 1")

    assert (await town.events())[1:] == [_EVENT.format("cancelled")]
    assert (await history(town))[1:] == [("cancelled", "Schalter 1")]
    assert [(purpose, kinds) for purpose, _, kinds in await subjects(town)][1:] == [
        ("appointment_cancelled", "plain html calendar")
    ]
    assert [each.remind_at for each in await to_schedule(town)] == [None]


async def test_nothing_is_said_about_a_hold_that_is_given_back(town: Town) -> None:
    held = await town.held()

    await town.cancelled(held.booking_id)

    assert (await town.events(), await town.mails(), await to_schedule(town)) == ([], [], [])


async def test_who_must_confirm_gets_the_link_and_no_reminder_yet(town: Town) -> None:
    held = await town.held()

    waiting = await confirm(held.booking_id, ANNA, town.desk, proven=False)

    assert await town.events() == []
    (mail,) = await town.mails()
    assert (mail.purpose, mail.expires_at) == ("appointment_confirm", waiting.expires_at)
    assert await to_schedule(town) == []


async def test_without_an_address_there_is_neither_mail_nor_reminder(town: Town) -> None:
    await town.booked(person=replace(ANNA, email=None))

    assert await town.events() == [_EVENT.format("booked")]
    assert (await town.mails(), await to_schedule(town)) == ([], [])


async def test_who_books_a_day_ahead_or_less_is_not_reminded(town: Town) -> None:
    town.clock.at = local("2026-11-30 09:00")

    await town.booked()

    assert await to_schedule(town) == []


async def test_a_missed_appointment_is_told_to_the_bus_only(town: Town) -> None:
    booking = await town.booked()
    town.clock.at = NINE + timedelta(hours=1)

    await settle(booking.booking_id, "missed", town.desk, by="Schalter 1")

    assert (await town.events())[1:] == [_EVENT.format("missed")]
    assert [each[0] for each in await subjects(town)] == ["appointment_booked"]


async def test_the_same_told_twice_is_one_mail_and_one_event(town: Town) -> None:
    booking = await town.booked()

    async with town.desk.database.transaction() as session:
        await tell(session, town.desk, booking, "booked")

    assert (len(await town.events()), len(await town.mails())) == (1, 1)


async def test_lost_links_are_mailed_once_in_ten_minutes(town: Town) -> None:
    booking = await town.booked()

    for minutes in (0, 0, 11):
        town.clock.go_on(minutes=minutes)
        async with town.desk.database.transaction() as session:
            await record_links(session, town.desk, "Anna@example.org", [booking])

    assert [each[0] for each in await subjects(town)].count("appointment_links") == 2
