"""Dead letters: what was given up, why, and how to find it again. They hold no personal data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import structlog
from nats.js import JetStreamContext

from chassis.metrics import DEAD_LETTERS
from contracts.base import event_key
from contracts.topology import durable, redelivery_prefix

log = structlog.stdlib.get_logger()

CRASHED = "crashed"
KEPT_SEQUENCE = "x-dlq-kept-sequence"
DOOR_SEQUENCE = "x-door-sequence"
"""Place of a foreign message in its stream when it first came, which its sender knows it by."""
ENVELOPE_HEADERS = ("content-type", "traceparent")
"""Headers that travel on with a message, beside the attributes of a binary CloudEvent (`ce-*`)."""
_ACK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Why a message was given up; the reason is a class name or our own words."""

    durable: str
    stream: str
    stream_sequence: int
    subject: str
    """The subject that the message had at first, also when it was delivered again."""
    event_key: str
    reason: str
    attempts: int
    first_at: datetime
    last_at: datetime
    redelivered: bool = False
    """The caretaker had sent the message again: what it wrote on it may be trusted."""

    def headers(self) -> dict[str, str]:
        """Return what stands on the envelope of the dead letter; the same letter twice has the same id."""
        return {
            "Nats-Msg-Id": f"dlq.{self.stream}.{self.durable}.{self.stream_sequence}",
            "x-dlq-reason": self.reason,
            "x-dlq-attempts": str(self.attempts),
            "x-dlq-event-key": self.event_key,
            "x-dlq-stream": self.stream,
            "x-dlq-stream-sequence": str(self.stream_sequence),
            "x-dlq-first-at": self.first_at.isoformat(),
            "x-dlq-last-at": self.last_at.isoformat(),
        }


async def bury(context: JetStreamContext, letter: DeadLetter, body: bytes, headers: dict[str, str]) -> None:
    """Store a dead letter and wait until it is stored; the same one twice is stored once.

    Whatever a foreign message says may be personal: body and envelope are kept in a stream of its own, and the letter
    tells the place.
    """
    stored = letter.headers()
    envelope = {name: value for name, value in headers.items() if _travels_on(name)}
    if letter.redelivered and DOOR_SEQUENCE in headers:
        envelope[DOOR_SEQUENCE] = headers[DOOR_SEQUENCE]
    if durable(letter.durable).foreign is None:
        stored |= envelope
    else:
        # Nothing was checked yet: each attribute, too, is what somebody has written there.
        kept = {"Nats-Msg-Id": f"kept.{letter.stream}.{letter.durable}.{letter.stream_sequence}", **envelope}
        acknowledged = await context.publish(
            f"kept.{letter.durable}.{letter.subject}", body, timeout=_ACK_SECONDS, headers=kept
        )
        stored[KEPT_SEQUENCE] = str(acknowledged.seq)
        body = b""
    await context.publish(f"dlq.{letter.durable}.{letter.subject}", body, timeout=_ACK_SECONDS, headers=stored)
    DEAD_LETTERS.labels(letter.durable, CRASHED if letter.reason == CRASHED else "failed").inc()
    place = {"stream": letter.stream, "sequence": letter.stream_sequence}
    log.error("dead_letter.buried", durable=letter.durable, reason=letter.reason, **place)


def _travels_on(header: str) -> bool:
    return header in ENVELOPE_HEADERS or header.startswith("ce-")


def is_redelivery(durable_name: str, subject: str) -> bool:
    """Whether a message came on the subject on which only the caretaker may publish; its headers may be trusted."""
    return subject.startswith(redelivery_prefix(durable_name))


def first_subject(durable_name: str, subject: str) -> str:
    """Return the subject that a message had before it was delivered again."""
    return subject.removeprefix(redelivery_prefix(durable_name))


def key_of(body: bytes) -> str:
    """Return the identity of an event that may not be readable otherwise; empty when even that is not."""
    try:
        parsed = json.loads(body)
        return event_key(str(parsed["source"]), str(parsed["id"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
