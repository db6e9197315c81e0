"""NATS in: each event is one command."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.consumer import Consuming, consume
from chassis.database import Database
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from services.accounts.commands.route_notice import DURABLE, route_notice


def register(consuming: Consuming, *, database: Database, town: str, now: Clock) -> None:
    """Attach this service's handlers."""

    async def on_notice_generated(event: CloudEvent[NoticeGenerated]) -> None:
        await route_notice(event, database=database, town=town, now=now)

    consume(consuming, DURABLE, {NoticeGenerated: on_notice_generated})
