"""Take checked events in: claims, quota, kept bodies, messages and receipts in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from opentelemetry import context
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import outbox
from contracts.base import CloudEvent, Message
from services.intake.commands.check_event import CheckedEvent
from services.intake.commands.messages import Place, enveloped, receipt, reference
from services.intake.domain.decision import IdTaken, Known, Outcome, OverQuota, decide
from services.intake.domain.limits import day_of, seconds_to_midnight
from services.intake.domain.refusals import Refusal, refused
from services.intake.storage import books, reports

DURABLE = "intake-door"


@dataclass(frozen=True, slots=True)
class Submission:
    """Events that came together and are taken in together or not at all; or the refusal that a place must get."""

    system: str
    events: tuple[CheckedEvent, ...] = ()
    daily_quota: int = 0
    batch: bool = False
    place: Place | None = None
    refusal: Refusal | None = None
    trace: context.Context = field(default_factory=context.get_current)

    @property
    def door(self) -> Literal["http", "nats"]:
        """Which way it came."""
        return "http" if self.place is None else "nats"


Taken = list[Outcome]
Answer = Taken | Refusal | None
"""None: a message of the NATS door that was dealt with before."""


async def take_in(
    session: AsyncSession, submissions: Sequence[Submission], *, town: str, now: datetime
) -> list[Answer]:
    """Answer each submission by itself; what is accepted is there when the transaction is committed."""
    claims = {each.place.claim for each in submissions if each.place is not None}
    fresh = await books.claim(session, DURABLE, claims, now=now)
    ledger = _Ledger(town, now)
    await ledger.open(session, submissions)
    answers: list[Answer] = []
    for each in submissions:
        if each.place is not None and each.place.claim not in fresh:
            answers.append(None)
            continue
        fresh -= {each.place.claim} if each.place is not None else set()
        answers.append(ledger.answer(each))
    await ledger.write(session)
    return answers


class _Ledger:
    """The books as they are in this transaction, and what is to be written into them."""

    def __init__(self, town: str, now: datetime) -> None:
        self._town = town
        self._now = now
        self._digests: dict[str, str] = {}
        self._used: Counter[str] = Counter()
        self._added: Counter[str] = Counter()
        self._accepted: list[dict[str, Any]] = []
        self._reports: list[dict[str, Any]] = []
        self._messages: list[tuple[context.Context, list[CloudEvent[Message]]]] = []

    async def open(self, session: AsyncSession, submissions: Sequence[Submission]) -> None:
        systems = {each.system for each in submissions if each.events}
        if systems:
            self._used.update(await books.used(session, systems, day_of(self._now)))
            keys = {event.key for each in submissions for event in each.events}
            self._digests = await books.digests(session, keys)

    def answer(self, submission: Submission) -> Taken | Refusal:
        answer = submission.refusal or self._decided(submission)
        messages: list[CloudEvent[Message]] = []
        if not isinstance(answer, Refusal):
            for event, outcome in zip(submission.events, answer, strict=True):
                if outcome == "accepted":
                    messages.append(self._enter(event, submission))
        if submission.place is not None:
            outcome = answer if isinstance(answer, Refusal) else answer[0]
            messages.append(
                receipt(submission.system, submission.place, outcome=outcome, town=self._town, time=self._now)
            )
        self._messages.append((submission.trace, messages))
        return answer

    def _decided(self, submission: Submission) -> Taken | Refusal:
        known = [Known(event.key, event.digest) for event in submission.events]
        left = submission.daily_quota - self._used[submission.system]
        match decide(known, accepted=self._digests, left=left):
            case IdTaken(index):
                path = (index, "id") if submission.batch else ("id",)
                return refused("id_taken", path, "Ein anderes Ereignis braucht eine andere id.")
            case OverQuota():
                words = f"Vereinbart sind {submission.daily_quota} Ereignisse am Tag."
                return refused("quota", (), words, retry_after=seconds_to_midnight(self._now))
            case outcomes:
                return outcomes

    def _enter(self, event: CheckedEvent, submission: Submission) -> CloudEvent[Message]:
        self._digests[event.key] = event.digest
        self._used[event.system] += 1
        self._added[event.system] += 1
        self._accepted.append(
            {
                "event_key": event.key,
                "system": event.system,
                "event_type": event.data.event_type(),
                "body_sha256": event.digest,
                "received_at": self._now,
                "door": submission.door,
            }
        )
        if event.data.personal:
            self._reports.append(
                {
                    "report_id": reference(event),
                    "kind": event.data.name,
                    "system": event.system,
                    "body": event.data.model_dump_json(),
                    "received_at": self._now,
                    "fetched_at": None,
                    "event_key": event.key,
                }
            )
        return enveloped(event, town=self._town, time=self._now)

    async def write(self, session: AsyncSession) -> None:
        await books.add_accepted(session, self._accepted)
        await books.add_used(session, self._added, day_of(self._now))
        await reports.add(session, self._reports)
        for trace, messages in self._messages:
            token = context.attach(trace)
            try:
                await outbox.record(session, messages)
            finally:
                context.detach(token)
