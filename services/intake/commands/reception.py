"""Both doors lead here: read what came, check it, take it in, count it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog

from chassis.clock import Clock
from contracts.foreign import EVENT_ID
from contracts.systems import ForeignSystem
from services.intake.commands.check_event import CheckedEvent, Checker
from services.intake.commands.messages import Place
from services.intake.commands.shared_commit import SharedCommits
from services.intake.commands.take_in import Answer, Submission
from services.intake.domain import binding
from services.intake.domain.binding import Headers, Mode
from services.intake.domain.decision import Outcome
from services.intake.domain.limits import Bucket, full_bucket, weight
from services.intake.domain.refusals import Refusal, gathered, refused
from services.intake.metrics import EVENTS
from services.intake.storage.systems_file import SystemsFile

log = structlog.stdlib.get_logger()

_SYSTEM_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 64
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands at the NATS door."""

    subject: str
    headers: Mapping[str, str]
    body: bytes
    sequence: int

    def claim(self) -> str:
        """Return what tells this message from every other, also should the stream begin to count anew."""
        attributes = sorted((name, value) for name, value in self.headers.items() if name.lower().startswith("ce-"))
        parts = (self.subject, str(self.sequence), repr(attributes))
        return hashlib.sha256("\n".join(parts).encode(errors="replace") + b"\n" + self.body).hexdigest()


@dataclass
class Reception:
    """What both doors share."""

    systems: SystemsFile
    checker: Checker
    commits: SharedCommits
    now: Clock
    _buckets: dict[str, Bucket] = field(default_factory=dict[str, Bucket])

    def admit(self, system: ForeignSystem) -> Refusal | None:
        """Count one request against the rate; say how long to wait when that is used up."""
        bucket = self._buckets.setdefault(system.name, full_bucket(system.rate_per_second, now=monotonic()))
        seconds = bucket.wait(system.rate_per_second, now=monotonic())
        if seconds:
            return _too_fast(system, seconds)
        bucket.take(1)
        return None

    def weigh(self, system: ForeignSystem, size: int) -> Refusal | None:
        """Count a body of an admitted request against the rate before anybody reads it.

        A large one may leave a debt, but not while there is one: otherwise all that were admitted at once could.
        """
        bucket, tokens = self._buckets[system.name], weight(size)
        seconds = bucket.wait(system.rate_per_second, now=monotonic())
        if tokens and bucket.tokens < 0:
            return _too_fast(system, seconds)
        bucket.take(tokens)
        return None

    async def over_http(
        self, system: ForeignSystem, mode: Mode, headers: Headers, body: bytes
    ) -> list[tuple[str, Outcome]] | Refusal:
        """Take in one event or a batch; return id and outcome of each once they are committed."""
        checked = self._checked(system, mode, headers, body)
        if isinstance(checked, Refusal):
            return checked
        if not checked:
            return []
        submission = Submission(system.name, tuple(checked), system.daily_quota, batch=mode == "batch")
        answer = await self.commits.take_in(submission)
        if answer is None or isinstance(answer, Refusal):
            return answer or []
        return [(event.event_id, outcome) for event, outcome in zip(checked, answer, strict=True)]

    async def over_nats(self, posted: Posted) -> None:
        """Take in the event of one message and give its sender a receipt, once for all deliveries of it."""
        submission = self._submission(posted)
        if submission is None:
            log.warning("door.unknown_system", stream_sequence=posted.sequence)
            count(UNKNOWN, "nats", refused("unknown_system"))
            return
        known = submission.refusal is None or submission.refusal.code != "unknown_system"
        count(submission.system if known else UNKNOWN, "nats", await self.commits.take_in(submission))

    def _submission(self, posted: Posted) -> Submission | None:
        name = posted.subject.split(".")[1]
        system = self.systems.current().named(name)
        if system is not None:
            return self._readable(system, posted)
        if not _SYSTEM_NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
            return None
        return Submission(name, place=Place(posted.sequence, posted.claim()), refusal=refused("unknown_system"))

    def _readable(self, system: ForeignSystem, posted: Posted) -> Submission:
        headers = [(header.lower(), value) for header, value in posted.headers.items()]
        mode = binding.mode_of(headers, default=binding.JSON)
        read = mode if isinstance(mode, Refusal) else self._read_one(mode, headers, posted.body)
        event_id: str | None = None
        outcome: CheckedEvent | Refusal
        if isinstance(read, Refusal):
            outcome = read
        else:
            event_id = read["id"] if re.fullmatch(EVENT_ID, read["id"]) else None
            outcome = self.checker.check(read, system, now=self.now())
        place = Place(posted.sequence, posted.claim(), event_id)
        if isinstance(outcome, Refusal):
            return Submission(system.name, place=place, refusal=outcome)
        return Submission(system.name, (outcome,), system.daily_quota, place=place)

    def _read_one(self, mode: Mode, headers: Headers, body: bytes) -> dict[str, Any] | Refusal:
        if mode == "batch":
            return refused("media_type", (), "Über NATS bitte jedes Ereignis in einer eigenen Nachricht senden.")
        events = binding.events_of(mode, headers, body, known=self.checker.known)
        return events if isinstance(events, Refusal) else events[0]

    def _checked(
        self, system: ForeignSystem, mode: Mode, headers: Headers, body: bytes
    ) -> list[CheckedEvent] | Refusal:
        events = binding.events_of(mode, headers, body, known=self.checker.known)
        if isinstance(events, Refusal):
            return events
        # A batch that will be refused has been work all the same.
        self._buckets[system.name].take(max(0, len(events) - 1))
        results = [self.checker.check(event, system, now=self.now()) for event in events]
        refusals = [
            each.below(index) if mode == "batch" else each
            for index, each in enumerate(results)
            if isinstance(each, Refusal)
        ]
        if refusals:
            return gathered(refusals)
        return [each for each in results if isinstance(each, CheckedEvent)]


def _too_fast(system: ForeignSystem, seconds: int) -> Refusal:
    words = f"Vereinbart sind {system.rate_per_second:g} Ereignisse in der Sekunde; große Inhalte zählen mehrfach."
    return refused("rate", (), words, retry_after=seconds)


def count(system: str, door: str, answer: Answer) -> None:
    """Count what became of a submission; a refusal is logged by its code, unless anybody could fill the log so."""
    if isinstance(answer, Refusal):
        EVENTS.labels(system, door, answer.code).inc()
        tell = log.debug if system == UNKNOWN else log.info
        tell("event.refused", system=system, door=door, code=answer.code)
        return
    for outcome in answer or ():
        EVENTS.labels(system, door, outcome).inc()
