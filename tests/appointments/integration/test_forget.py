"""What is erased: who came after 90 days, what was only held after a day; the rest stays for the statistics."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from services.appointments.commands.confirm import confirm_within
from services.appointments.commands.forget import forget
from services.appointments.commands.move import move
from services.appointments.commands.settle import settle
from services.appointments.storage.tables import (
    BookingChangeRow,
    BookingRow,
    ReleaseTicketRow,
    ReminderRow,
    UsedProofRow,
    WaitingRow,
)
from tests.appointments.town import ANNA, NINE, NOW, Town, local


async def rows(town: Town) -> list[BookingRow]:
    async with town.desk.database.reading() as session:
        return list(await session.scalars(select(BookingRow)))


async def test_a_visitor_is_forgotten_after_ninety_days_and_the_visit_is_not(town: Town) -> None:
    booking = await town.booked(client="192.0.2.1")
    town.clock.at = NINE
    town.clock.go_on(days=89)

    await forget(town.desk)
    (before,) = await rows(town)
    town.clock.go_on(days=2)
    await forget(town.desk)

    (after,) = await rows(town)
    assert (before.name, before.client_mac) == ("Anna Beispiel", None)
    assert (after.name, after.email, after.email_key, after.phone, after.note) == (None, None, None, None, "")
    assert (after.booking_id, after.state, after.number) == (booking.booking_id, "booked", booking.number)


async def test_what_is_being_booked_at_that_moment_is_not_forgotten(town: Town) -> None:
    held = await town.held()
    town.clock.go_on(days=2)

    async with asyncio.TaskGroup() as group, town.desk.database.transaction() as session:
        await confirm_within(session, held.booking_id, ANNA, town.desk, by="tresen-1", proven=True)
        group.create_task(forget(town.desk))
        await asyncio.sleep(0.2)

    assert (await town.found(held.booking_id)).state == "booked"


async def test_what_was_only_held_goes_after_a_day_with_its_claims(town: Town) -> None:
    await town.held()
    given_back = await town.held()
    await town.cancelled(given_back.booking_id)
    booked = await town.booked()

    town.clock.go_on(hours=24)
    await forget(town.desk)
    kept = len(await rows(town))
    town.clock.go_on(hours=1)
    await forget(town.desk)

    assert kept == 3
    assert [each.booking_id for each in await rows(town)] == [booked.booking_id]
    assert {each.booking_id for each in await town.claims()} == {booked.booking_id}
    async with town.desk.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(BookingChangeRow)) == 1


async def test_a_cancelled_appointment_stays_for_the_statistics(town: Town) -> None:
    booking = await town.booked()
    await town.cancelled(booking.booking_id)
    town.clock.go_on(days=3)

    await forget(town.desk)

    assert [each.state for each in await rows(town)] == ["cancelled"]


async def test_proofs_reminders_addresses_and_ended_waiting_go(town: Town) -> None:
    usual: dict[str, Any] = {"offices": [], "items": [], "language": "de", "joined_at": NOW, "offers": 0, "refused": []}
    person: dict[str, Any] = {
        "name": "Anna",
        "email": "a@example.org",
        "email_key": "a@example.org",
        "first_day": NOW.date(),
    }
    async with town.desk.database.transaction() as session:
        for state, last in (("waiting", NINE), ("waiting", NOW), ("ended", NINE)):
            session.add(WaitingRow(waiting_id=uuid4(), state=state, last_day=last.date(), **usual, **person))
        session.add(UsedProofRow(challenge="c", expires_at=NOW))
        session.add(ReminderRow(booking_id=uuid4(), version=1, remind_at=NOW, scheduled_version=1))
        ticket = ReleaseTicketRow(ticket_id=uuid4(), release="r", order_key=0.5, joined_at=NOW, client_mac="m")
        ticket.passes = 0
        session.add(ticket)
    town.clock.go_on(days=2)

    await forget(town.desk)

    async with town.desk.database.reading() as session:
        waiting = await session.execute(select(WaitingRow.state, WaitingRow.name).order_by(WaitingRow.place))
        assert [tuple(each) for each in waiting] == [("waiting", "Anna"), ("expired", None), ("ended", None)]
        assert await session.scalar(select(func.count()).select_from(UsedProofRow)) == 0
        assert await session.scalar(select(ReleaseTicketRow.client_mac)) is None
    town.clock.go_on(days=20)
    await forget(town.desk)
    async with town.desk.database.reading() as session:
        for each in (ReminderRow, ReleaseTicketRow):
            assert await session.scalar(select(func.count()).select_from(each)) == 0


async def test_claims_of_days_long_over_go_and_the_appointment_can_still_be_noted(town: Town) -> None:
    booking = await town.booked()
    town.clock.at = NINE
    town.clock.go_on(days=6)
    await forget(town.desk)
    kept = len(await town.claims())

    town.clock.go_on(days=2)
    await forget(town.desk)
    missed = await settle(booking.booking_id, "missed", town.desk, by="tresen-1")
    back = await settle(booking.booking_id, "booked", town.desk, by="tresen-1")
    moved = await move(
        booking.booking_id,
        None,
        local("2026-12-10 09:00"),
        town.desk,
        by="tresen-1",
        seen_version=back.version,
        audience="staff",
    )

    assert (kept, missed.state, back.state) == (4, "missed", "booked")
    assert len(await town.claims()) == 4
    assert moved.allocation.starts_at == local("2026-12-10 09:00")


async def test_after_three_years_nothing_is_left_of_a_visit(town: Town) -> None:
    await town.booked()
    town.clock.at = NINE
    town.clock.go_on(days=3 * 366 + 1)

    await forget(town.desk)

    assert await rows(town) == []
    async with town.desk.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(BookingChangeRow)) == 0
