"""NATS in: each message is one command."""

from __future__ import annotations

from chassis.consumer import Consuming, consume
from contracts.appointments import ReminderDue
from contracts.base import CloudEvent
from services.appointments.commands.remind import remind
from services.appointments.desk import Desk


def register(consuming: Consuming, desk: Desk) -> None:
    """Attach this service's handlers."""

    async def on_reminder_due(event: CloudEvent[ReminderDue]) -> None:
        await remind(event, desk)

    consume(consuming, "appointments-reminders", {ReminderDue: on_reminder_due})
