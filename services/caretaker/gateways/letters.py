"""Dead letters as they lie in their stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from nats.js import JetStreamContext

from chassis.dead_letters import KEPT_SEQUENCE
from contracts.base import TYPE_PREFIX
from contracts.topology import DEAD_LETTERS, KEPT, MAX_DELIVER
from services.caretaker.gateways.bus import Context
from services.caretaker.gateways.reading import Held, Part, delete, find, find_next, read

_OWN_KINDS = ("events", "commands")


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter; its number is its place in the stream of dead letters."""

    number: int
    durable: str
    subject: str
    reason: str
    held: Held
    """The letter as it lies in the stream; a list reads no bodies."""

    @property
    def event_type(self) -> str | None:
        """CloudEvents type of our own messages, which follows from the subject; what others wrote is not read."""
        kind, _, rest = self.subject.partition(".")
        return f"{TYPE_PREFIX}{rest}" if kind in _OWN_KINDS else None

    @property
    def event_key(self) -> str:
        """Return the hash of source and id, empty when they could not be read."""
        return self.held.headers.get("x-dlq-event-key", "")

    @property
    def attempts(self) -> int:
        """Return how often it was tried."""
        return int(self.held.headers.get("x-dlq-attempts", MAX_DELIVER))

    @property
    def stream_sequence(self) -> int | None:
        """Return the place of the message that was given up, in the stream of its consumer."""
        return _number(self.held.headers.get("x-dlq-stream-sequence"))

    @property
    def kept_sequence(self) -> int | None:
        """Return the place of a body that may be personal, in the stream that keeps those."""
        return _number(self.held.headers.get(KEPT_SEQUENCE))

    @property
    def first_at(self) -> datetime | None:
        """Return when handling failed for the first time, where the letter tells it."""
        return _instant(self.held.headers.get("x-dlq-first-at"))

    @property
    def last_at(self) -> datetime | None:
        """Return when handling failed for the last time, where the letter tells it."""
        return _instant(self.held.headers.get("x-dlq-last-at"))

    def is_for(self, reason: str | None) -> bool:
        """Whether it has a reason, whole or its part before the colon."""
        return reason is None or self.reason == reason or self.reason.startswith(f"{reason}:")


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _letter_of(held: Held) -> Letter:
    _, durable, subject = held.subject.split(".", 2)
    return Letter(held.sequence, durable, subject, held.headers.get("x-dlq-reason", ""), held)


def subject_of(durable: str | None) -> str:
    """Return the subject that all letters of a consumer match, or all letters."""
    return f"dlq.{durable}.>" if durable else "dlq.>"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters."""

    durable: str | None = None
    reason: str | None = None
    after: int = 0
    up_to: int | None = None
    most: int | None = None


async def letters(context: JetStreamContext, wanted: Wanted, *, bodies: bool) -> AsyncGenerator[Letter]:
    """Yield letters, oldest first; without a reason to look for, no more is read than is wanted."""
    at_once = wanted.most if wanted.reason is None else None
    subjects = (subject_of(wanted.durable),)
    part = Part(DEAD_LETTERS, subjects, after=wanted.after, up_to=wanted.up_to, most=at_once, bodies=bodies)
    found = 0
    async with aclosing(read(context, part)) as reading:
        async for held in reading:
            letter = _letter_of(held)
            if letter.is_for(wanted.reason):
                found += 1
                yield letter
            if found == wanted.most:
                return


async def letter(context: JetStreamContext, number: int) -> Letter | None:
    """Return the letter of a number."""
    held = await find(context, DEAD_LETTERS, number)
    return _letter_of(held) if held is not None else None


async def oldest(context: JetStreamContext, durable: str) -> Letter | None:
    """Return the oldest letter of a consumer."""
    held = await find_next(context, DEAD_LETTERS, 1, subject_of(durable))
    return _letter_of(held) if held is not None else None


async def counts(context: JetStreamContext) -> dict[str, int]:
    """Count the letters of each consumer that has some."""
    info = await context.stream_info(DEAD_LETTERS, subjects_filter=subject_of(None))
    counted: dict[str, int] = {}
    for subject, number in (info.state.subjects or {}).items():
        durable = subject.split(".", 2)[1]
        counted[durable] = counted.get(durable, 0) + number
    return counted


async def last_number(context: JetStreamContext) -> int:
    """Return the number of the newest letter that there ever was."""
    return (await context.stream_info(DEAD_LETTERS)).state.last_seq


async def original(context: JetStreamContext, dead: Letter) -> Held | None:
    """Return what was given up, body and envelope; None when it was kept apart and is gone."""
    return dead.held if dead.kept_sequence is None else await find(context, KEPT, dead.kept_sequence)


async def remove(context: Context, dead: Letter) -> None:
    """Delete a letter; a personal body goes first, so that none stays behind that no letter tells of."""
    if dead.kept_sequence is not None:
        await delete(context, KEPT, dead.kept_sequence, erase=True)
    await delete(context, DEAD_LETTERS, dead.number, erase=False)
