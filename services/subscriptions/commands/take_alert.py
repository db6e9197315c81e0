"""Take over an alert that an office has issued."""

from __future__ import annotations

from chassis import inbox
from chassis.database import Database
from contracts.base import CloudEvent
from contracts.intake import AlertIssued
from services.subscriptions.storage import alerts

DURABLE = "subscriptions-alerts"


async def take_alert(event: CloudEvent[AlertIssued], *, database: Database) -> None:
    """Store it, once."""
    async with database.transaction() as session:
        if await inbox.first_delivery(session, DURABLE, event):
            await alerts.add(session, event.data)
