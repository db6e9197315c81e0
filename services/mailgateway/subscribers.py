"""NATS in: each event is one command."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.consumer import Consuming, consume
from chassis.database import Database
from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent
from services.mailgateway.commands.collect_letter import collect_letter
from services.mailgateway.settings import MailgatewaySettings


def register(consuming: Consuming, *, database: Database, settings: MailgatewaySettings, now: Clock) -> None:
    """Attach this service's handlers."""

    async def on_delivery_routed(event: CloudEvent[DeliveryRouted]) -> None:
        await collect_letter(event, database=database, town=settings.town, test=settings.epost_test_mode, now=now)

    consume(consuming, "mailgateway-routing", {DeliveryRouted: on_delivery_routed})
