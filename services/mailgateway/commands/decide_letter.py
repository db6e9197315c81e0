"""Carry out what a clerk has decided about a letter that failed or is unclear."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.mailgateway.commands.post import Post, ask, ask_wave
from services.mailgateway.commands.record_statuses import Change, record_statuses, store
from services.mailgateway.domain.decision import WITHDRAWN, Decision, already_so, awaits_decision, plausible
from services.mailgateway.domain.letter_state import LetterState, Progress
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import LetterRow

log = structlog.stdlib.get_logger()


class NoSuchLetterError(LookupError):
    """We do not hold this letter."""


class ImplausibleDateError(ValueError):
    """Nothing can have been posted that day."""


class NothingToDecideError(Exception):
    """The letter is on its way or at its end; `state` tells where."""

    def __init__(self, state: LetterState) -> None:
        """Keep where it is."""
        super().__init__(state.value)
        self.state = state


async def decide_letter(letter_id: UUID, decision: Decision, post: Post) -> LetterRow:
    """Carry out a decision, once, and return the letter; the same person's same decision again changes nothing.

    A letter is sent again only after the provider was asked once more and still shows no living submission of it.
    """
    if decision.posted_on is not None and not plausible(decision.posted_on, now=post.now()):
        raise ImplausibleDateError
    row = await _read(letter_id, post)
    if _is_carried_out(row, decision):
        return row
    _refuse_unless_open(row)
    if decision.kind == "send_again":
        row = await _look_again(row, post)
    return await _carry_out(row, decision, post)


async def _read(letter_id: UUID, post: Post) -> LetterRow:
    async with post.database.reading() as session:
        row = await letters.letter(session, letter_id)
    if row is None:
        raise NoSuchLetterError(str(letter_id))
    return row


def _is_carried_out(row: LetterRow, decision: Decision) -> bool:
    state = LetterState(row.state)
    if decision.kind == "posted" and row.posted_at != decision.posted_at:
        return False
    return already_so(decision, state=state, reason=row.reason, decided_by=row.decided_by)


def _refuse_unless_open(row: LetterRow) -> None:
    if not awaits_decision(LetterState(row.state), row.reason):
        raise NothingToDecideError(LetterState(row.state))


async def _look_again(row: LetterRow, post: Post) -> LetterRow:
    """Ask for the wave and for the letter; what turns up is recorded and ends the matter."""
    await ask_wave(row.batch_id, post)
    statuses = await ask(post.provider.find(row.letter_id, row.attempt))
    await record_statuses(statuses, database=post.database, town=post.settings.town, now=post.now)
    found = await _read(row.letter_id, post)
    _refuse_unless_open(found)
    return found


async def _carry_out(row: LetterRow, decision: Decision, post: Post) -> LetterRow:
    async with post.database.transaction() as session:
        (current,) = await letters.concerned(session, [row.letter_id], ())
        _refuse_unless_open(current)
        if current.attempt != row.attempt:
            raise NothingToDecideError(LetterState(current.state))
        if decision.kind == "send_again":
            _wait_again(current, post)
        else:
            await _end(session, current, decision, post)
        current.decided_by, current.decided_at = decision.by, post.now()
    log.info("letter.decided", letter_id=str(row.letter_id), decision=decision.kind, attempt=current.attempt)
    return current


def _wait_again(row: LetterRow, post: Post) -> None:
    row.state = LetterState.WAITING
    row.attempt += 1
    row.collected_at = post.now()
    row.provider_id = row.posted_at = row.reason = None
    row.first_intent_at = row.last_intent_at = row.call_ended_at = None
    row.batch_asked_at = row.custom1_asked_at = None


async def _end(session: AsyncSession, row: LetterRow, decision: Decision, post: Post) -> None:
    """End it with its event: posted as the clerk has seen, or failed for good."""
    state = LetterState.POSTED if decision.kind == "posted" else LetterState.FAILED
    after = Progress(row.letter_id, state, row.attempt, row.provider_id, decision.posted_at)
    reason = WITHDRAWN if state is LetterState.FAILED else None
    await store(session, [Change(row, after, reason)], town=post.settings.town, now=post.now)
