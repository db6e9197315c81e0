"""The record of what was given up for good; it has no age, and nobody deletes from it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from nats.js import JetStreamContext
from pydantic import BaseModel, ConfigDict

from contracts.base import UtcTime
from contracts.topology import AUDIT
from services.caretaker.gateways.reading import Held, Part, read_all

_DISCARDED = "audit.dead_letter_discarded"
_ACK_SECONDS = 5.0


class Discard(BaseModel):
    """One dead letter that a person gave up: which, why it was dead, who and why. Nothing of its body."""

    model_config = ConfigDict(frozen=True)

    number: int
    durable: str
    event_key: str
    dead_because: str
    by: str
    reason: str
    at: UtcTime


async def write(context: JetStreamContext, record: Discard, *, buried_at: datetime) -> None:
    """Store a record and wait until it is stored; the same decision about the same letter is stored once."""
    decision = hashlib.sha256(f"{record.by}\n{record.reason}".encode()).hexdigest()
    headers = {"Nats-Msg-Id": f"discard.{record.number}.{buried_at.isoformat()}.{decision}"}
    await context.publish(_DISCARDED, record.model_dump_json().encode(), timeout=_ACK_SECONDS, headers=headers)


async def newest(context: JetStreamContext, *, before: int | None, most: int) -> list[tuple[int, Discard]]:
    """Return records with their places, the newest first."""
    end = (await context.stream_info(AUDIT)).state.last_seq
    up_to = end if before is None else min(end, before - 1)
    part = Part(AUDIT, (_DISCARDED,), after=max(0, up_to - most), up_to=up_to, most=most)
    return [_told(each) for each in reversed(await read_all(context, part))]


async def given_up(context: JetStreamContext, durable: str) -> frozenset[str]:
    """Return the keys of the events that people have discarded for a consumer."""
    records = [_told(each)[1] for each in await read_all(context, Part(AUDIT, (_DISCARDED,)))]
    return frozenset(each.event_key for each in records if each.durable == durable and each.event_key)


def _told(held: Held) -> tuple[int, Discard]:
    return held.sequence, Discard.model_validate_json(held.body)
