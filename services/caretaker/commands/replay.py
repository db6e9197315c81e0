"""Give a consumer the past of its stream again; its inbox skips what it has claimed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

import structlog

from chassis.dead_letters import key_of
from contracts.topology import Durable
from services.caretaker.domain.errors import HistoryGoneError, NotReplayableError
from services.caretaker.domain.history import History
from services.caretaker.gateways import audit
from services.caretaker.gateways.bus import Bus, Context
from services.caretaker.gateways.consumers import known
from services.caretaker.gateways.letters import last_number
from services.caretaker.gateways.reading import Held, Part, history, read
from services.caretaker.gateways.redelivery import replay as send

log = structlog.stdlib.get_logger()

_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay has sent, and up to where the stream was read."""

    published: int
    whole: bool
    """The stream still held everything that it ever got."""
    oldest_at: datetime | None
    last_letter: int
    """The number of the newest dead letter before it began."""


async def replay(bus: Bus, name: str, *, since: datetime | None, call: str) -> Replayed:
    """Send every message of the consumer again, since a time or all that is held; the same call sends each once."""
    durable = known(name)
    if durable.foreign is not None:
        raise NotReplayableError("work_queue")
    if not durable.claims:
        raise NotReplayableError("no_claims")
    async with bus.open() as context:
        held = await history(context, durable.stream)
        gone_before = held.complete_from
        if since is not None and gone_before is not None and not held.reaches_back_to(since):
            raise HistoryGoneError(gone_before, empty=held.oldest_at is None)
        last = await last_number(context)
        given_up = await audit.given_up(context, name)
        published = await _send_all(context, durable, _part(durable, held, since), _Sending(call, given_up))
    log.info("replay.published", durable=name, messages=published)
    return Replayed(published, held.whole, held.oldest_at, last)


def _part(durable: Durable, held: History, since: datetime | None) -> Part:
    """Read up to where the stream ends now: what comes later comes anyway, our own redeliveries among it."""
    if held.oldest_at is None or (since is not None and since <= held.oldest_at):
        since = None  # all of it; the server refuses instants that are too far from its own
    subjects = tuple(message.subject for message in durable.messages)
    return Part(durable.stream, subjects, since=since, up_to=held.last_sequence)


@dataclass(frozen=True, slots=True)
class _Sending:
    call: str
    given_up: frozenset[str]
    """What a person has discarded does not come back by a replay."""


async def _send_all(context: Context, durable: Durable, part: Part, sending: _Sending) -> int:
    published = 0
    chunk: list[Held] = []
    async with aclosing(read(context, part)) as reading:
        async for held in reading:
            if key_of(held.body) not in sending.given_up:
                chunk.append(held)
            if len(chunk) == _AT_ONCE:
                published += await _send_chunk(context, durable, chunk, sending.call)
                chunk = []
    return published + await _send_chunk(context, durable, chunk, sending.call)


async def _send_chunk(context: Context, durable: Durable, chunk: list[Held], call: str) -> int:
    await asyncio.gather(*(send(context, durable.name, held, call=call) for held in chunk))
    return len(chunk)
