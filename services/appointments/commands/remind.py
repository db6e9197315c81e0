"""Remind people of their appointments; the bus keeps the time (NATS message schedules)."""

from __future__ import annotations

import structlog

from chassis.inbox import first_delivery
from chassis.schedules import RefusedError, Schedules
from contracts.appointments import ReminderDue
from contracts.base import CloudEvent, envelope, source_of
from services.appointments.commands.mails import record_mail_of
from services.appointments.desk import Desk
from services.appointments.storage import bookings, reminders
from services.appointments.storage.reminders import Wanted

log = structlog.stdlib.get_logger()

DURABLE = "appointments-reminders"
_AT_ONCE = 200


async def schedule_reminders(desk: Desk, schedules: Schedules) -> int:
    """Bring to the bus what it does not have as it is now; return how much that was.

    Only what the bus has acknowledged is noted, all of it at once: while many book, their holds need the database. A
    kill in between repeats it, which replaces the same schedules.
    """
    async with desk.database.reading() as session:
        found = await reminders.unscheduled(session, most=_AT_ONCE)
    brought: list[Wanted] = []
    try:
        for each in found:
            try:
                await _bring(desk, schedules, each)
            except RefusedError as error:
                log.error("reminder.refused", reason=str(error))  # noqa: TRY400 - the trace tells no more
            else:
                brought.append(each)
    finally:
        if brought:
            async with desk.database.transaction() as session:
                for each in brought:
                    await reminders.scheduled(session, each)
    return len(found)


async def _bring(desk: Desk, schedules: Schedules, each: Wanted) -> None:
    key = str(each.booking_id)
    if each.remind_at is None:
        await schedules.cancel(key)
        return
    due = ReminderDue(booking=each.booking_id, version=each.version)
    source = source_of(desk.settings.town, "appointments")
    event = envelope(due, source=source, aggregate=key, sequence=each.version, time=desk.now())
    await schedules.schedule(key, event, at=each.remind_at)


async def remind(event: CloudEvent[ReminderDue], desk: Desk) -> None:
    """Record the mail, if the appointment is still as it was when this was scheduled, and to come.

    An older version may have taken the place of the newer one when two replicas scheduled at the same moment: then
    the newer one is brought to the bus again.
    """
    due = event.data
    async with desk.database.transaction() as session:
        if not await first_delivery(session, DURABLE, event):
            return
        wanted = await reminders.wanted(session, due.booking)
        if wanted is None or wanted.remind_at is None or wanted.version != due.version:
            await reminders.again(session, due.booking, newer_than=due.version)
            return
        booking = await bookings.find(session, due.booking)
        if booking is None or booking.state != "booked" or booking.allocation.starts_at <= desk.now():
            return
        await record_mail_of(session, desk, booking, "reminder")
