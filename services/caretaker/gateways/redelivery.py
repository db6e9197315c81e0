"""Messages sent to one consumer again. This service has no outbox: ids are deterministic and the PubAck is awaited."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from uuid import uuid4

from nats.js import JetStreamContext
from nats.js.errors import APIError

from chassis.consumer import REDELIVERY
from chassis.dead_letters import DOOR_SEQUENCE, ENVELOPE_HEADERS
from contracts.topology import redelivery_prefix
from services.caretaker.gateways.letters import Letter
from services.caretaker.gateways.reading import Held

_ACK_SECONDS = 5.0
_STREAM_FULL = frozenset({10047, 10077})
"""Server codes: the stream, or this subject in it, takes no more."""


class StreamFullError(Exception):
    """The consumer's stream takes no more at present."""


async def redeliver(context: JetStreamContext, dead: Letter, original: Held) -> int:
    """Send what was given up to its one consumer, and return its place in that consumer's stream."""
    # Among foreign messages a sender could have taken any id that can be guessed.
    message_id = f"redeliver.{dead.number}" if dead.kept_sequence is None else f"redeliver.{uuid4()}"
    # The number alone would begin anew with a new store, while services still count failures under the old ones.
    attempt = f"{message_id}.{dead.durable}.{dead.held.stored_at.isoformat()}"
    headers = dict(_headers(original, message_id, attempt))
    if dead.kept_sequence is not None:
        headers[DOOR_SEQUENCE] = original.headers.get(DOOR_SEQUENCE) or str(dead.stream_sequence)
    return await _send(context, _to(dead.durable, dead.subject), original.body, headers)


async def replay(context: JetStreamContext, durable: str, held: Held, *, call: str) -> None:
    """Send a message of the past to one consumer; the same call sends it once."""
    message_id = f"replay.{call}.{durable}.{held.sequence}"
    await _send(context, _to(durable, held.subject), held.body, _headers(held, message_id, message_id))


def _to(durable: str, subject: str) -> str:
    return redelivery_prefix(durable) + subject


def _headers(held: Held, message_id: str, attempt: str) -> Mapping[str, str]:
    travelling = {
        name: value for name, value in held.headers.items() if name in ENVELOPE_HEADERS or name.startswith("ce-")
    }
    return travelling | {"Nats-Msg-Id": message_id, REDELIVERY: hashlib.sha256(attempt.encode()).hexdigest()}


async def _send(context: JetStreamContext, subject: str, body: bytes, headers: Mapping[str, str]) -> int:
    try:
        acknowledged = await context.publish(subject, body, timeout=_ACK_SECONDS, headers=dict(headers))
    except APIError as error:
        if error.err_code in _STREAM_FULL:
            raise StreamFullError from error
        raise
    return acknowledged.seq
