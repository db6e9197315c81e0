"""The consumer contract: one piece of code around every handler.

A message is acknowledged after its effect. A failure is counted and retried with growing delays; after the last it
goes to the dead letters, publish acknowledged first, TERM second. A dependency that is away is no failure: the
consumer holds what it has, fetches nothing more, and readiness tells why. A body that cannot be parsed is buried
at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

import structlog
from faststream.exceptions import HandlerException, NackMessage, RejectMessage
from faststream.middlewares import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from pydantic import ValidationError

from chassis.bus import inbox_prefix, jetstream
from chassis.errors import DependencyDown, NeverAgain
from chassis.health import Health
from chassis.metrics import CONSUMER_PAUSED, DEAD_LETTERS, HANDLED, HANDLING_SECONDS
from contracts.base import CloudEvent, Message, event_key
from contracts.topology import ACK_WAIT, Durable, durable

log = structlog.stdlib.get_logger()

RETRY_AFTER_SECONDS = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Delay after the first, second, ... failure; the failure after the last one is final."""
DEPENDENCY_PAUSE_SECONDS = 1.0
BURY_AGAIN_SECONDS = 60.0
HEARTBEAT_SECONDS = ACK_WAIT.total_seconds() / 3

Handler = Callable[[CloudEvent[Any]], Awaitable[None]]


class Failures(Protocol):
    """Where failures are counted."""

    async def add(self, durable: str, key: str, reason: str) -> int:
        """Count one more and return how many."""
        ...


class DeliveryCount:
    """For processes without a database: failures since the process began, per event."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: dict[tuple[str, str], int] = {}

    async def add(self, durable: str, key: str, reason: str) -> int:
        """Count one more and return how many."""
        del reason
        self._counts[durable, key] = self._counts.get((durable, key), 0) + 1
        return self._counts[durable, key]


@dataclass(frozen=True, slots=True)
class Consuming:
    """What every consumer of a process shares."""

    broker: NatsBroker
    identity: str
    health: Health
    failures: Failures
    retry_after: tuple[float, ...] = RETRY_AFTER_SECONDS
    heartbeat_seconds: float = HEARTBEAT_SECONDS


def consume(
    consuming: Consuming, name: str, handlers: Mapping[type[Message], Handler], *, batch_size: int | None = None
) -> None:
    """Attach handlers to a durable of the topology; they must cover exactly the messages that it declares."""
    declared = durable(name)
    if set(declared.messages) != set(handlers) or declared.identity != consuming.identity:
        message = f"{name}: the handlers do not match the topology"
        raise ValueError(message)
    delivery = _Delivery(consuming, declared, dict(handlers))
    subscriber = consuming.broker.subscriber(
        declared.messages[0].subject,
        durable=declared.name,
        stream=JStream(declared.stream, declare=False),
        pull_sub=PullSub(batch_size=batch_size or declared.batch_size, timeout=1),
        inbox_prefix=f"{inbox_prefix(consuming.identity)}.".encode(),
        ack_policy=AckPolicy.NACK_ON_ERROR,
    )
    subscriber(delivery.handle)


class _Delivery:
    def __init__(self, consuming: Consuming, declared: Durable, handlers: dict[type[Message], Handler]) -> None:
        self._consuming = consuming
        self._durable = declared.name
        self._handlers = {message.subject: (message, handler) for message, handler in handlers.items()}

    async def handle(self, body: bytes, message: NatsMessage) -> None:
        """Bring one message to its outcome."""
        started = monotonic()
        async with _heartbeat(message, every=self._consuming.heartbeat_seconds):
            refusal = await self._outcome(body, message)
        HANDLED.labels(self._durable, type(refusal).__name__ if refusal else "handled").inc()
        HANDLING_SECONDS.labels(self._durable).observe(monotonic() - started)
        if refusal is not None:
            raise refusal

    async def _outcome(self, body: bytes, message: NatsMessage) -> HandlerException | None:
        """Handle; return None when the effect is there, else what to tell the server."""
        try:
            event, handler = self._parse(body, message)
        except NeverAgain as error:
            return await self._bury(body, message, error.reason, attempts=1)
        structlog.contextvars.bind_contextvars(event_id=event.id, durable=self._durable)
        try:
            with self._resuming():
                await self._until_dependencies_answer(event, handler)
        except DependencyDown:
            return NackMessage(delay=DEPENDENCY_PAUSE_SECONDS)
        except NeverAgain as error:
            return await self._bury(body, message, error.reason, attempts=1)
        except Exception as error:  # noqa: BLE001 - sorted by what to do: anything unknown is tried again
            return await self._retry_or_bury(body, message, event, error)
        finally:
            structlog.contextvars.unbind_contextvars("event_id", "durable")
        return None

    def _parse(self, body: bytes, message: NatsMessage) -> tuple[CloudEvent[Message], Handler]:
        subject = message.raw_message.subject
        known = self._handlers.get(subject)
        if known is None:
            raise NeverAgain("unknown_subject")
        model, handler = known
        try:
            event = CloudEvent[model].model_validate_json(body)
        except ValidationError as error:
            raise NeverAgain(_where(error)) from None
        if event.type != model.event_type():
            raise NeverAgain("type_and_subject_differ")
        return event, handler

    async def _until_dependencies_answer(self, event: CloudEvent[Message], handler: Handler) -> None:
        while True:
            try:
                await handler(event)
            except DependencyDown as error:
                self._consuming.health.pause(self._durable, error.dependency)
                CONSUMER_PAUSED.labels(self._durable).set(1)
                log.warning("consumer.paused", dependency=error.dependency)
                if self._consuming.health.stopping:
                    raise
                await asyncio.sleep(DEPENDENCY_PAUSE_SECONDS)
            else:
                return

    @contextmanager
    def _resuming(self) -> Generator[None]:
        """Whatever the outcome, the dependency has answered: the pause is over."""
        try:
            yield
        finally:
            self._consuming.health.resume(self._durable)
            CONSUMER_PAUSED.labels(self._durable).set(0)

    async def _retry_or_bury(
        self, body: bytes, message: NatsMessage, event: CloudEvent[Message], error: Exception
    ) -> HandlerException:
        reason = type(error).__name__
        try:
            failures = await self._consuming.failures.add(self._durable, event.key(), reason)
        except Exception as uncounted:  # noqa: BLE001 - without a delay the server would send it again at once
            log.warning("consumer.not_counted", reason=type(uncounted).__name__)
            return NackMessage(delay=DEPENDENCY_PAUSE_SECONDS)
        log.warning("consumer.failed", reason=reason, failures=failures, exc_info=error)
        if failures > len(self._consuming.retry_after):
            return await self._bury(body, message, reason, attempts=failures)
        return NackMessage(delay=self._consuming.retry_after[failures - 1])

    async def _bury(self, body: bytes, message: NatsMessage, reason: str, *, attempts: int) -> HandlerException:
        """Store the dead letter, acknowledged, before the message is given up."""
        raw = message.raw_message
        letter = DeadLetter(
            durable=self._durable,
            stream=raw.metadata.stream,
            stream_sequence=raw.metadata.sequence.stream,
            subject=raw.subject,
            event_key=key_of(body),
            reason=reason,
            attempts=attempts,
        )
        try:
            await bury(jetstream(await self._consuming.broker.connect()), letter, body)
        except (NatsError, OSError, TimeoutError) as error:
            # The dead letters are full or away: without a delay the server would send it again at once, for ever.
            log.critical("dead_letter.not_stored", durable=self._durable, reason=type(error).__name__)
            return NackMessage(delay=BURY_AGAIN_SECONDS)
        return RejectMessage()


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Why a message was given up; the reason is a class name or our own words."""

    durable: str
    stream: str
    stream_sequence: int
    subject: str
    event_key: str
    reason: str
    attempts: int


async def bury(stream: JetStreamContext, letter: DeadLetter, body: bytes) -> None:
    """Publish a dead letter and wait until it is stored; the same one twice is stored once."""
    headers = {
        "Nats-Msg-Id": f"dlq.{letter.stream}.{letter.durable}.{letter.stream_sequence}",
        "content-type": "application/json",
        "x-dlq-reason": letter.reason,
        "x-dlq-attempts": str(letter.attempts),
        "x-dlq-event-key": letter.event_key,
        "x-dlq-stream": letter.stream,
        "x-dlq-stream-sequence": str(letter.stream_sequence),
    }
    await stream.publish(f"dlq.{letter.durable}.{letter.subject}", body, timeout=5, headers=headers)
    DEAD_LETTERS.labels(letter.durable, "crashed" if letter.reason == "crashed" else "failed").inc()
    log.error("dead_letter.buried", durable=letter.durable, subject=letter.subject, reason=letter.reason)


def _where(error: ValidationError) -> str:
    """Name the fields that do not fit; pydantic's own text would quote their values."""
    places = sorted({".".join(str(part) for part in each["loc"]) for each in error.errors(include_input=False)})
    return f"invalid: {', '.join(places)[:150] or 'body'}"


def key_of(body: bytes) -> str:
    """Return the identity of an event that may not be readable otherwise; empty when even that is not."""
    try:
        parsed = json.loads(body)
        return event_key(str(parsed["source"]), str(parsed["id"]))
    except (ValueError, KeyError, TypeError):
        return ""


@asynccontextmanager
async def _heartbeat(message: NatsMessage, *, every: float) -> AsyncGenerator[None]:
    """Tell the server that the work goes on, so that it is not given to a second replica."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(every)
            # A bus that is away must not break off the work.
            with suppress(NatsError, OSError, TimeoutError):
                await message.in_progress()

    async with asyncio.TaskGroup() as group:
        beating = group.create_task(beat())
        try:
            yield
        finally:
            beating.cancel()
