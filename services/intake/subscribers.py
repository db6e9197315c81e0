"""NATS in: each message of the door is one command."""

from __future__ import annotations

import re

from chassis.consumer import Consuming, ForeignMessage, consume_foreign
from chassis.dead_letters import DOOR_SEQUENCE
from services.intake.commands.reception import Posted, Reception
from services.intake.commands.take_in import DURABLE

_SEQUENCE = re.compile(r"[1-9][0-9]{0,18}")


def register(consuming: Consuming, *, reception: Reception) -> None:
    """Attach this service's handler."""

    async def on_door_message(message: ForeignMessage) -> None:
        await reception.over_nats(Posted(message.subject, message.headers, message.body, first_sequence(message)))

    consume_foreign(consuming, DURABLE, on_door_message)


def first_sequence(message: ForeignMessage) -> int:
    """Return the place that the sender was told in the publish acknowledgement.

    A redelivery stands at another place, and the caretaker says what the first was; from anybody else it is hearsay.
    """
    told = message.headers.get(DOOR_SEQUENCE, "") if message.redelivered else ""
    return int(told) if _SEQUENCE.fullmatch(told) else message.stream_sequence
