"""Record what the provider says about letters, and tell it: dispatched, posted, failed, unclear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import outbox
from chassis.clock import Clock
from chassis.database import Database
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from services.mailgateway.domain.letter_state import LetterState, Progress, advance, best_of, posted_twice, taken_up
from services.mailgateway.domain.provider_status import ProviderStatus
from services.mailgateway.metrics import POSTED_TWICE
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import LetterRow, WaveRow

log = structlog.stdlib.get_logger()

_NOT_YET = (LetterState.WAITING, LetterState.INTENT, LetterState.UNCLEAR)
_AT_PROVIDER = (LetterState.SUBMITTED, LetterState.CHECKED, LetterState.PRINTING, LetterState.POSTED)
_PER_EVENT = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A letter's step from one state to the next, with the code when it failed.

    `moved_to` is the wave in which the provider has it when that is another than ours: there it is followed.
    """

    row: LetterRow
    after: Progress
    reason: str | None = None
    moved_to: int | None = None

    @property
    def newly_dispatched(self) -> bool:
        """Whether the provider's possession of the letter is news."""
        return LetterState(self.row.state) in _NOT_YET and self.after.state in _AT_PROVIDER


async def record_wave(
    batch_id: int, statuses: Sequence[ProviderStatus], *, database: Database, town: str, now: Clock
) -> set[UUID]:
    """Record the statuses of a whole wave, and look whether any letter lives twice; only a whole wave can tell."""
    twice = posted_twice(statuses)
    POSTED_TWICE.labels(str(batch_id)).set(len(twice))
    if twice:
        log.error("letters.posted_twice", letters=[str(letter) for letter in twice])
    return await record_statuses(statuses, database=database, town=town, now=now)


async def record_statuses(
    statuses: Sequence[ProviderStatus], *, database: Database, town: str, now: Clock
) -> set[UUID]:
    """Move every letter that the statuses speak of; return the letters found. Stale statuses change nothing."""
    by_letter: dict[UUID, list[ProviderStatus]] = defaultdict(list)
    by_number = {status.provider_id: status for status in statuses}
    for status in statuses:
        if status.letter_id is not None:
            by_letter[status.letter_id].append(status)
    async with database.transaction() as session:
        rows = await letters.concerned(session, by_letter, by_number)
        shown_in = {status.batch_id for status in statuses if status.batch_id is not None}
        waves = await letters.waves(session, shown_in | {row.batch_id for row in rows})
        changes = [
            change for row in rows if (change := _change(row, by_letter[row.letter_id], by_number, waves)) is not None
        ]
        await store(session, changes, town=town, now=now)
    return {row.letter_id for row in rows}


def _change(
    row: LetterRow,
    shown: Sequence[ProviderStatus],
    by_number: Mapping[int, ProviderStatus],
    waves: Mapping[int, WaveRow],
) -> Change | None:
    progress = letters.progress_of(row)
    # A test of the same attempt carries the same reference, but never becomes paper.
    own = [status for status in shown if status.test == waves[row.batch_id].test]
    after = taken_up(progress, own)
    followed = by_number.get(after.provider_id) if after.provider_id is not None else None
    best = best_of(status for status in own if status.attempt == after.attempt)
    for status in (followed, best):
        if status is not None:
            after = advance(after, status)
    told = by_number.get(after.provider_id) if after.provider_id is not None else None
    moved_to = told.batch_id if told is not None and told.batch_id in waves else None
    if after == progress and moved_to in (None, row.batch_id):
        return None
    return Change(row, after, row.reason if after.state is progress.state else _reason(after, told), moved_to)


def _reason(after: Progress, told: ProviderStatus | None) -> str | None:
    if after.state is LetterState.UNCLEAR:
        return "first_submission_unknown"
    if after.state is not LetterState.FAILED:
        return None
    codes = [error.code for error in told.errors if error.level == "error"] if told is not None else []
    return codes[0] if codes else "E900"


async def store(session: AsyncSession, changes: Sequence[Change], *, town: str, now: Clock) -> None:
    """Write changed letters and their events in the caller's transaction."""
    source = source_of(town, "mailgateway")
    for change in changes:
        change.row.batch_id = change.moved_to or change.row.batch_id
    events: list[CloudEvent[Message]] = []
    for batch, dispatched in _dispatched(changes).items():
        for start in range(0, len(dispatched), _PER_EVENT):
            ids = tuple(dispatched[start : start + _PER_EVENT])
            data = LettersDispatched(batch_id=batch, letter_ids=ids)
            number = await letters.next_sequence(session, batch, now=now())
            events.append(envelope(data, source=source, aggregate=str(batch), sequence=number, time=now()))
    for change in changes:
        row, after = change.row, change.after
        fact = _fact(change)
        if fact is not None and (row.state, row.reason) != (after.state, change.reason):
            row.sequence = letters.following(row.sequence, now())
            events.append(
                envelope(fact, source=source, aggregate=str(row.letter_id), sequence=row.sequence, time=now())
            )
        row.state = after.state
        row.attempt = after.attempt
        row.provider_id = after.provider_id
        row.posted_at = after.posted_at
        row.reason = change.reason
    await outbox.record(session, events)


def _dispatched(changes: Sequence[Change]) -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = defaultdict(list)
    for change in changes:
        if change.newly_dispatched:
            found[change.row.batch_id].append(change.row.letter_id)
    return found


def _fact(change: Change) -> Message | None:
    letter_id, run_id = change.row.letter_id, change.row.run_id
    after = change.after
    if after.state is LetterState.POSTED and after.posted_at is not None:
        return LetterPosted(letter_id=letter_id, run_id=run_id, posted_at=after.posted_at)
    if after.state is LetterState.FAILED:
        return LetterFailed(letter_id=letter_id, run_id=run_id, code=change.reason or "E900")
    if after.state is LetterState.UNCLEAR:
        return LetterUnclear.model_validate({"letter_id": letter_id, "run_id": run_id, "reason": change.reason})
    return None
