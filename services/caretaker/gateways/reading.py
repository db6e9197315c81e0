"""Reading streams without consuming them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RawStreamMsg
from nats.js.errors import NotFoundError, ServerError

from chassis.errors import DependencyDown
from services.caretaker.domain.history import History
from services.caretaker.gateways.bus import LAST_PLACE, Context

_WITH_BODIES, _HEADERS_ONLY = 32, 500
"""Messages asked for at once; with bodies of up to half a megabyte fewer."""
_FETCH_SECONDS = 5.0
_FORGET_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Held:
    """One message that a stream holds."""

    sequence: int
    subject: str
    headers: Mapping[str, str]
    body: bytes
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Which messages of a stream to read; by sequence or by time, whichever is given."""

    stream: str
    subjects: tuple[str, ...]
    after: int = 0
    since: datetime | None = None
    up_to: int | None = None
    most: int | None = None
    bodies: bool = True

    def config(self) -> ConsumerConfig:
        """Return a consumer that leaves no trace and goes away by itself."""
        by_time = self.since is not None
        return ConsumerConfig(
            name=f"look-{uuid4().hex}",
            filter_subjects=list(self.subjects),
            ack_policy=AckPolicy.NONE,
            deliver_policy=DeliverPolicy.BY_START_TIME if by_time else DeliverPolicy.BY_START_SEQUENCE,
            opt_start_time=self.since,
            opt_start_seq=None if by_time else self.after + 1,
            inactive_threshold=_FORGET_SECONDS,
            headers_only=not self.bodies,
            mem_storage=True,
        )

    def at_once(self, pending: int) -> int:
        """Return how many to ask for now."""
        chunk = _WITH_BODIES if self.bodies else _HEADERS_ONLY
        return min(pending, chunk, self.most or chunk)


async def read(context: JetStreamContext, part: Part) -> AsyncGenerator[Held]:
    """Yield messages in their order; DependencyDown rather than leave one out."""
    config = part.config()
    info = await context.add_consumer(part.stream, config=config)  # pyright: ignore[reportUnknownMemberType]
    subscription = await context.pull_subscribe_bind(config.name, stream=part.stream)
    pending, seen = info.num_pending or 0, 0
    try:
        while pending:
            for message in await _fetch(subscription, part.at_once(pending)):
                metadata = message.metadata
                seen += 1
                if metadata.sequence.consumer != seen:
                    raise DependencyDown("bus")
                pending = metadata.num_pending
                if part.up_to is not None and metadata.sequence.stream > part.up_to:
                    return
                yield _held_of(message)
                if seen == part.most:
                    return
            pending = (await subscription.consumer_info()).num_pending or 0 if pending else 0
    finally:
        # The server forgets them by itself, too; an outage here must not hide the one before.
        with suppress(NatsError, OSError, TimeoutError):
            await subscription.unsubscribe()
            await context.delete_consumer(part.stream, config.name or "")


async def _fetch(subscription: JetStreamContext.PullSubscription, number: int) -> list[Msg]:
    """Fetch; nothing when what was there has just been deleted."""
    try:
        return await subscription.fetch(number, timeout=_FETCH_SECONDS)
    except TimeoutError:
        if (await subscription.consumer_info()).num_pending:
            raise
        return []


def _held_of(message: Msg) -> Held:
    metadata = message.metadata
    return Held(
        metadata.sequence.stream, message.subject, dict(message.headers or {}), message.data, metadata.timestamp
    )


async def read_all(context: JetStreamContext, part: Part) -> list[Held]:
    """Return them all at once."""
    async with aclosing(read(context, part)) as reading:
        return [each async for each in reading]


async def find(context: JetStreamContext, stream: str, sequence: int) -> Held | None:
    """Return the message at a place, or None when there is none (any more)."""
    return await _get(context, stream, sequence) if 0 < sequence <= LAST_PLACE else None


async def find_next(context: JetStreamContext, stream: str, sequence: int, subject: str) -> Held | None:
    """Return the first message of a subject at or after a place."""
    return await _get(context, stream, sequence, subject)


async def _get(context: JetStreamContext, stream: str, sequence: int, subject: str | None = None) -> Held | None:
    try:
        found = await context.get_msg(stream, sequence, subject=subject, next=subject is not None)
    except NotFoundError:
        return None
    return _held_of_raw(found)


def _held_of_raw(raw: RawStreamMsg) -> Held:
    headers: Mapping[str, str] = vars(raw)["headers"] or {}
    assert raw.time is not None  # noqa: S101 - the server states it always; only the type does not know
    return Held(raw.seq or 0, raw.subject or "", dict(headers), raw.data or b"", raw.time)


async def history(context: Context, stream: str) -> History:
    """Return how much a stream still holds."""
    info = await context.stream_info(stream)
    state = info.state
    oldest = await find(context, stream, state.first_seq) if state.messages else None
    assert info.created is not None  # noqa: S101 - as above
    return History(
        last_sequence=state.last_seq,
        messages=state.messages,
        oldest_at=oldest.stored_at if oldest else None,
        newest_at=await context.last_stored_at(stream),
        created_at=info.created,
    )


async def delete(context: Context, stream: str, sequence: int, *, erase: bool) -> None:
    """Delete a message, its bytes overwritten if asked; one that is gone already is deleted."""
    try:
        if erase:
            await context.delete_msg(stream, sequence)
        else:
            await context.forget(stream, sequence)
    except (NotFoundError, ServerError):
        # The server has one code for every reason why nothing was deleted.
        if await find(context, stream, sequence) is not None:
            raise
