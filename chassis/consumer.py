"""The consumer contract: one piece of code around every handler.

A message is acknowledged after its effect. A failure is counted and retried with growing delays; after the last it
goes to the dead letters, publish acknowledged first, TERM second. A dependency that is away is no failure: the
consumer holds what it has, fetches nothing more, and readiness tells why. A body that cannot be parsed is buried
at once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol, TypeVar

import structlog
from faststream.exceptions import HandlerException, NackMessage, RejectMessage
from faststream.middlewares import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.errors import Error as NatsError
from pydantic import ValidationError

from chassis.bus import heartbeat, jetstream
from chassis.clock import utc_now
from chassis.dead_letters import DeadLetter, bury, first_subject, is_redelivery, key_of
from chassis.errors import DependencyDown, NeverAgain
from chassis.failures import FailureCount, Failures, Quarantine
from chassis.health import Health
from chassis.metrics import CONSUMER_PAUSED, HANDLED, HANDLING_SECONDS
from chassis.nats_config import inbox_prefix
from contracts.base import CloudEvent, Message
from contracts.topology import ACK_WAIT, Durable, durable

log = structlog.stdlib.get_logger()

RETRY_AFTER_SECONDS = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Delay after the first, second, ... failure; the failure after the last one is final."""
DEPENDENCY_PAUSE_SECONDS = 1.0
BURY_AGAIN_SECONDS = 60.0
HEARTBEAT_SECONDS = ACK_WAIT.total_seconds() / 3

REDELIVERY = "x-redelivery"
"""Header of a message that somebody had delivered again: its failures are counted afresh under this id."""

Handler = Callable[[CloudEvent[Any]], Awaitable[None]]
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class ForeignMessage:
    """A message of somebody else, as it came."""

    subject: str
    headers: Mapping[str, str]
    body: bytes
    stream_sequence: int
    redelivered: bool = False
    """The caretaker has sent it again, with headers of its own."""


ForeignHandler = Callable[[ForeignMessage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Consuming:
    """What every consumer of a process shares."""

    broker: NatsBroker
    identity: str
    health: Health
    failures: Failures
    retry_after: tuple[float, ...] = RETRY_AFTER_SECONDS
    heartbeat_seconds: float = HEARTBEAT_SECONDS
    quarantine: Quarantine = field(default_factory=Quarantine)


def consume(
    consuming: Consuming, name: str, handlers: Mapping[type[Message], Handler], *, batch_size: int | None = None
) -> None:
    """Attach handlers to a durable of the topology; they must cover exactly the messages that it declares."""
    declared = durable(name)
    if set(declared.messages) != set(handlers) or declared.identity != consuming.identity or not handlers:
        message = f"{name}: the handlers do not match the topology"
        raise ValueError(message)
    _subscribe(consuming, declared, _Events(dict(handlers)), batch_size or declared.batch_size)


def consume_foreign(consuming: Consuming, name: str, handler: ForeignHandler, *, batch_size: int | None = None) -> None:
    """Attach a handler to a durable on whose subject others write; it decides itself what it can read."""
    declared = durable(name)
    if declared.foreign is None or declared.identity != consuming.identity:
        message = f"{name}: the handler does not match the topology"
        raise ValueError(message)
    _subscribe(consuming, declared, _Foreign(name, handler), batch_size or declared.batch_size)


def _subscribe(consuming: Consuming, declared: Durable, reading: _Reading, batch_size: int) -> None:
    delivery = _Delivery(consuming, declared.name, reading)
    subscriber = consuming.broker.subscriber(
        declared.filters[0],
        durable=declared.name,
        stream=JStream(declared.stream, declare=False),
        pull_sub=PullSub(batch_size=batch_size, timeout=1),
        inbox_prefix=f"{inbox_prefix(consuming.identity)}.".encode(),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        no_reply=True,  # a header of the message would say where to, and anybody may set it
    )
    subscriber(delivery.handle)


@dataclass(frozen=True, slots=True)
class _Work:
    """A message that was understood: its identity for people and for counting, and what to do."""

    event_id: str
    key: str
    handle: Callable[[], Awaitable[None]]


class _Reading(Protocol):
    def work(self, subject: str, body: bytes, message: NatsMessage) -> _Work:
        """Understand a message; NeverAgain when that is impossible."""
        ...


class _Events:
    """Reads messages of the catalogue."""

    def __init__(self, handlers: dict[type[Message], Handler]) -> None:
        self._handlers = {message.subject: (message, handler) for message, handler in handlers.items()}

    def work(self, subject: str, body: bytes, message: NatsMessage) -> _Work:
        """Parse a CloudEvent of the message that belongs to the subject."""
        del message
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
        return _Work(event.id, event.key(), lambda: handler(event))


class _Foreign:
    """Passes on what others wrote; it is known by its place in the stream."""

    def __init__(self, durable_name: str, handler: ForeignHandler) -> None:
        self._durable = durable_name
        self._handler = handler

    def work(self, subject: str, body: bytes, message: NatsMessage) -> _Work:
        """Wrap it; the handler decides what it can read."""
        raw = message.raw_message
        sequence = raw.metadata.sequence.stream
        place = f"{raw.metadata.stream}.{sequence}"
        again = is_redelivery(self._durable, raw.subject)
        foreign = ForeignMessage(subject, message.headers, body, sequence, again)
        return _Work(place, hashlib.sha256(place.encode()).hexdigest(), lambda: self._handler(foreign))


class _Delivery:
    def __init__(self, consuming: Consuming, durable_name: str, reading: _Reading) -> None:
        self._consuming = consuming
        self._durable = durable_name
        self._reading = reading

    async def handle(self, body: bytes, message: NatsMessage) -> None:
        """Bring one message to its outcome."""
        started = monotonic()
        async with heartbeat(message, every=self._consuming.heartbeat_seconds):
            refusal = await self._outcome(body, message)
        HANDLED.labels(self._durable, type(refusal).__name__ if refusal else "handled").inc()
        HANDLING_SECONDS.labels(self._durable).observe(monotonic() - started)
        if refusal is not None:
            place, delivery = self._delivery(message)
            self._consuming.quarantine.given_back(place, delivery=delivery)
            raise refusal

    def _delivery(self, message: NatsMessage) -> tuple[str, int]:
        """Return by what a message is known in this process, and how often it has been delivered."""
        told = message.raw_message.metadata
        return f"{self._durable}.{told.sequence.stream}", told.num_delivered

    async def _outcome(self, body: bytes, message: NatsMessage) -> HandlerException | None:
        """Handle; return None when the effect is there, else what to tell the server."""
        try:
            work = self._reading.work(first_subject(self._durable, message.raw_message.subject), body, message)
        except NeverAgain as error:
            return await self._bury(body, message, error.reason)
        structlog.contextvars.bind_contextvars(event_id=work.event_id, durable=self._durable)

        async def attempt() -> None:
            place, delivery = self._delivery(message)
            async with self._consuming.quarantine.admit(place, delivery=delivery):
                await work.handle()

        try:
            await self._until_dependencies_answer(attempt)
        except DependencyDown:
            return NackMessage(delay=DEPENDENCY_PAUSE_SECONDS)
        except NeverAgain as error:
            return await self._bury(body, message, error.reason)
        except Exception as error:  # noqa: BLE001 - sorted by what to do: anything unknown is tried again
            return await self._retry_or_bury(body, message, work, error)
        finally:
            structlog.contextvars.unbind_contextvars("event_id", "durable")
        return None

    async def _until_dependencies_answer(self, attempt: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
        """Hold the message while something that it needs is away; only the end of the process gives it back."""
        try:
            while True:
                try:
                    return await attempt()
                except DependencyDown as error:
                    self._consuming.health.pause(self._durable, error.dependency)
                    CONSUMER_PAUSED.labels(self._durable).set(1)
                    log.warning("consumer.paused", dependency=error.dependency)
                    if self._consuming.health.stopping:
                        raise
                    await asyncio.sleep(DEPENDENCY_PAUSE_SECONDS)
        finally:
            # Whatever the outcome, the dependency has answered: the pause is over.
            self._consuming.health.resume(self._durable)
            CONSUMER_PAUSED.labels(self._durable).set(0)

    async def _retry_or_bury(
        self, body: bytes, message: NatsMessage, work: _Work, error: Exception
    ) -> HandlerException:
        reason = type(error).__name__
        again = is_redelivery(self._durable, message.raw_message.subject)
        key = message.headers.get(REDELIVERY, work.key) if again else work.key
        try:
            counted = await self._until_dependencies_answer(
                lambda: self._consuming.failures.add(self._durable, key, reason)
            )
        except Exception as uncounted:  # noqa: BLE001 - without a delay the server would send it again at once
            log.warning("consumer.not_counted", reason=type(uncounted).__name__)
            return NackMessage(delay=DEPENDENCY_PAUSE_SECONDS)
        log.warning("consumer.failed", reason=reason, failures=counted.failures, exc_info=error)
        if counted.failures > len(self._consuming.retry_after):
            return await self._bury(body, message, reason, counted)
        return NackMessage(delay=self._consuming.retry_after[counted.failures - 1])

    async def _bury(
        self, body: bytes, message: NatsMessage, reason: str, counted: FailureCount | None = None
    ) -> HandlerException:
        """Store the dead letter, acknowledged, before the message is given up."""
        raw = message.raw_message
        now = utc_now()
        letter = DeadLetter(
            durable=self._durable,
            stream=raw.metadata.stream,
            stream_sequence=raw.metadata.sequence.stream,
            subject=first_subject(self._durable, raw.subject),
            event_key=key_of(body),
            reason=reason,
            attempts=counted.failures if counted else 1,
            first_at=counted.first_at if counted else now,
            last_at=now,
            redelivered=is_redelivery(self._durable, raw.subject),
        )
        try:
            await bury(jetstream(await self._consuming.broker.connect()), letter, body, dict(message.headers))
        except (NatsError, OSError, TimeoutError) as error:
            # The dead letters are full or away: without a delay the server would send it again at once, for ever.
            log.critical("dead_letter.not_stored", durable=self._durable, reason=type(error).__name__)
            return NackMessage(delay=BURY_AGAIN_SECONDS)
        return RejectMessage()


def _where(error: ValidationError) -> str:
    """Name the fields that do not fit; pydantic's own text would quote their values."""
    places = sorted({".".join(str(part) for part in each["loc"]) for each in error.errors(include_input=False)})
    return f"invalid: {', '.join(places)[:150] or 'body'}"
