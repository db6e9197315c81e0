"""The crash net: a message that has used up its deliveries without an outcome becomes a dead letter."""

from __future__ import annotations

import structlog
from pydantic import BaseModel, ValidationError

from chassis.clock import Clock
from chassis.dead_letters import CRASHED, DeadLetter, bury, first_subject, is_redelivery, key_of
from contracts.topology import DURABLES, STREAMS
from services.caretaker.gateways.bus import Context
from services.caretaker.gateways.reading import delete, find

log = structlog.stdlib.get_logger()

_OURS = frozenset(each.name for each in DURABLES)
_WORK_QUEUES = frozenset(stream.name for stream in STREAMS if stream.foreign_backlog is not None)


class _Advisory(BaseModel):
    """What the server says when a message has used up its deliveries."""

    stream: str
    consumer: str
    stream_seq: int
    deliveries: int


async def bury_crashed(context: Context, advisory: bytes, *, now: Clock) -> None:
    """Move what nobody could handle to the dead letters; the same advisory twice buries once."""
    try:
        told = _Advisory.model_validate_json(advisory)
    except ValidationError:
        log.error("caretaker.strange_advisory")  # noqa: TRY400 - there is no more to say
        return
    if told.consumer not in _OURS:
        log.info("caretaker.not_ours", stream=told.stream, consumer=told.consumer)
        return
    message = await find(context, told.stream, told.stream_seq)
    if message is None:
        log.warning("caretaker.message_gone", stream=told.stream, sequence=told.stream_seq)
        return
    letter = DeadLetter(
        durable=told.consumer,
        stream=told.stream,
        stream_sequence=told.stream_seq,
        subject=first_subject(told.consumer, message.subject),
        event_key=key_of(message.body),
        reason=CRASHED,
        attempts=told.deliveries,
        first_at=message.stored_at,
        last_at=now(),
        redelivered=is_redelivery(told.consumer, message.subject),
    )
    await bury(context, letter, message.body, dict(message.headers))
    if told.stream in _WORK_QUEUES:
        # A work queue keeps what has no outcome for ever, and counts it against its sender.
        await delete(context, told.stream, told.stream_seq, erase=True)
