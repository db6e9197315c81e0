"""Reminders over a real bus: at their time, once, and only while the appointment is still as it was."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from chassis.clock import utc_now
from chassis.consumer import Consuming
from chassis.errors import DependencyDown
from chassis.failures import DeliveryCount
from chassis.schedules import Schedules
from contracts.appointments import ReminderDue
from contracts.base import CloudEvent, envelope
from contracts.topology import SCHEDULES, schedule_subject
from services.appointments import subscribers
from services.appointments.commands.remind import remind, schedule_reminders
from services.appointments.domain.booking import Booking
from services.appointments.schedule import Reminding
from services.appointments.storage.reminders import count_unscheduled
from services.appointments.storage.tables import ReminderRow
from tests.appointments.town import NINE, Town, open_town
from tests.support.eventually import eventually, running
from tests.support.nats import Bus, Peer


@pytest.fixture
async def town(sqlite_url: str) -> AsyncGenerator[Town]:
    async with open_town(sqlite_url) as ready:
        yield ready


async def booked(town: Town, *, remind_at: datetime) -> Booking:
    """An appointment whose reminder is due soon by the clock of the bus."""
    booking = await town.booked()
    async with town.desk.database.transaction() as session:
        await session.execute(
            update(ReminderRow).where(ReminderRow.booking_id == booking.booking_id).values(remind_at=remind_at)
        )
    return booking


async def open_rows(town: Town) -> int:
    async with town.desk.database.reading() as session:
        return await count_unscheduled(session)


async def schedules_of(bus: Bus) -> tuple[Peer, Schedules]:
    peer = await bus.peer("appointments")
    return peer, Schedules(peer.broker, identity="appointments", ack_seconds=1)


async def consuming(peer: Peer, town: Town) -> None:
    subscribers.register(Consuming(peer.broker, "appointments", peer.health, DeliveryCount()), town.desk)
    await peer.broker.start()
    peer.health.started = False  # the test ends connections itself, which would end a started process


async def reminded(town: Town) -> list[str]:
    return [each.recipient for each in await town.mails() if each.purpose == "appointment_reminder"]


async def until_reminded(town: Town) -> None:
    async def holds() -> bool:
        return bool(await reminded(town))

    await eventually(holds)


def due(booking: Booking, version: int) -> CloudEvent[ReminderDue]:
    data = ReminderDue(booking=booking.booking_id, version=version)
    aggregate = str(booking.booking_id)
    return envelope(data, source="//rathaus/test", aggregate=aggregate, sequence=version, time=utc_now())


async def test_a_reminder_outlives_a_kill_of_the_bus_and_comes_once(own_bus: Bus, town: Town) -> None:
    peer, schedules = await schedules_of(own_bus)
    await booked(town, remind_at=utc_now() + timedelta(seconds=2.5))

    await schedule_reminders(town.desk, schedules)
    own_bus.server.child.kill()
    own_bus.server.start()
    await eventually(lambda: answers(peer))
    await consuming(peer, town)

    assert await open_rows(town) == 0
    await until_reminded(town)
    assert await reminded(town) == ["anna@example.org"]


async def answers(peer: Peer) -> bool:
    await peer.client.flush(1)
    return peer.client.is_connected


async def test_an_unreachable_bus_only_delays(own_bus: Bus, town: Town) -> None:
    peer, schedules = await schedules_of(own_bus)
    own_bus.server.child.kill()
    await booked(town, remind_at=utc_now() + timedelta(seconds=0.5))

    with pytest.raises(DependencyDown):
        await schedule_reminders(town.desk, schedules)
    before = await open_rows(town)
    own_bus.server.start()

    async def brought() -> bool:
        return await open_rows(town) == 0

    async with running(Reminding(town.desk, schedules).run()):
        await eventually(brought)
    await consuming(peer, town)
    await until_reminded(town)
    assert (before, len(await reminded(town))) == (1, 1)


async def test_who_cancels_before_is_not_reminded_and_who_does_not_is(bus: Bus, town: Town) -> None:
    peer, schedules = await schedules_of(bus)
    gone = await booked(town, remind_at=utc_now() + timedelta(seconds=60))
    await schedule_reminders(town.desk, schedules)
    await consuming(peer, town)

    await town.cancelled(gone.booking_id)
    await schedule_reminders(town.desk, schedules)
    stays = await booked(town, remind_at=utc_now() + timedelta(seconds=0.5))
    await schedule_reminders(town.desk, schedules)

    await until_reminded(town)
    left = {subject: body for subject, _, body in await bus.messages(SCHEDULES)}
    (fired,) = [body for subject, body in left.items() if subject == ReminderDue.subject]
    assert CloudEvent[ReminderDue].model_validate_json(fired).data.booking == stays.booking_id
    assert left[schedule_subject("appointments", str(gone.booking_id))] == b""
    assert len(await reminded(town)) == 1


async def test_brought_twice_after_a_kill_in_between_it_comes_once(bus: Bus, town: Town) -> None:
    peer, schedules = await schedules_of(bus)
    await booked(town, remind_at=utc_now() + timedelta(seconds=1.5))
    await schedule_reminders(town.desk, schedules)
    async with town.desk.database.transaction() as session:
        await session.execute(update(ReminderRow).values(scheduled_version=0))

    await schedule_reminders(town.desk, schedules)
    await consuming(peer, town)

    await until_reminded(town)
    assert (await bus.count(SCHEDULES), len(await reminded(town))) == (1, 1)


async def test_an_older_version_is_void_and_has_the_newer_one_brought_again(town: Town) -> None:
    booking = await town.booked()
    async with town.desk.database.transaction() as session:
        await session.execute(update(ReminderRow).values(scheduled_version=ReminderRow.version))

    await remind(due(booking, booking.version - 1), town.desk)

    assert (await reminded(town), await open_rows(town)) == ([], 1)


async def test_nobody_is_reminded_of_what_is_over_or_settled(town: Town) -> None:
    booking = await town.booked()
    town.clock.at = NINE

    await remind(due(booking, booking.version), town.desk)

    assert await reminded(town) == []


async def test_the_same_delivered_twice_is_one_mail(town: Town) -> None:
    booking = await town.booked()

    for _ in range(2):
        await remind(due(booking, booking.version), town.desk)

    assert await reminded(town) == ["anna@example.org"]
