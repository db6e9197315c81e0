"""NATS in: each message of the door is one command."""

from __future__ import annotations

from chassis.consumer import Consuming, ForeignMessage, consume_foreign
from services.intake.commands.reception import Posted, Reception
from services.intake.commands.take_in import DURABLE


def register(consuming: Consuming, *, reception: Reception) -> None:
    """Attach this service's handler."""

    async def on_door_message(message: ForeignMessage) -> None:
        await reception.over_nats(Posted(message.subject, message.headers, message.body, message.stream_sequence))

    consume_foreign(consuming, DURABLE, on_door_message)
