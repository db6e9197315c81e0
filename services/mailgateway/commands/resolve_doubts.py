"""Find out about letters of which nobody knows whether the provider has them."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from services.mailgateway.commands.post import Post, ask, ask_wave
from services.mailgateway.commands.record_statuses import Change, record_statuses, store
from services.mailgateway.commands.send_letters import LETTERS_PER_REQUEST, send
from services.mailgateway.domain.doubt import (
    Adopt,
    AskBatch,
    AskCustom1,
    Decision,
    Doubt,
    LookUp,
    Resend,
    Unclear,
    decide,
)
from services.mailgateway.domain.letter_state import LetterState, Progress
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import LetterRow, WaveRow

log = structlog.stdlib.get_logger()


async def resolve_doubts(wave: WaveRow, post: Post) -> None:
    """Take the next step for each letter of a wave that is in doubt."""
    async with post.database.reading() as session:
        rows = [row for row in await letters.in_state(session, LetterState.INTENT) if row.batch_id == wave.batch_id]
    decisions = [(row, _decide(row, post)) for row in rows]
    # First of all, since a resend is right only now: the look-ups of the others take seconds each.
    await _resend(wave, [(row, decision) for row, decision in decisions if isinstance(decision, Resend)], post)
    if any(isinstance(decision, AskBatch) for _, decision in decisions):
        await _ask_batch(wave, [row for row, decision in decisions if isinstance(decision, AskBatch)], post)
        return
    for row, decision in decisions:
        if isinstance(decision, AskCustom1):
            await _ask_custom1(row, post)
        elif isinstance(decision, Unclear):
            await _give_up(row, decision, post)


async def _resend(wave: WaveRow, decided: Sequence[tuple[LetterRow, Resend]], post: Post) -> None:
    """Send one request of them; the others are decided anew, for the window may close meanwhile."""
    available = sorted(decided, key=lambda each: each[0].reason == letters.NOT_HANDED_OUT)
    request = [each for each in available if not each[0].alone][:LETTERS_PER_REQUEST] or available[:1]
    if not request:
        return
    until = min(resend.until for _, resend in request)
    if await send(wave, [row for row, _ in request], LetterState.INTENT, post, until=until):
        log.info("letters.resent", count=len(request))


def _decide(row: LetterRow, post: Post) -> Decision:
    if row.first_intent_at is None or row.last_intent_at is None:
        message = "a letter in doubt has an intent"
        raise ValueError(message)
    doubt = Doubt(
        row.first_intent_at,
        row.last_intent_at,
        row.call_ended_at,
        LookUp(row.batch_asked_at),
        LookUp(row.custom1_asked_at),
    )
    decision = decide(doubt, now=post.now(), patience=post.settings.patience())
    # What a look-up finds is recorded at once and ends the doubt; there is nothing left to adopt here.
    return AskCustom1() if isinstance(decision, Adopt) else decision


async def _ask_batch(wave: WaveRow, rows: Sequence[LetterRow], post: Post) -> None:
    await ask_wave(wave.batch_id, post)
    asked_at = post.now()
    async with post.database.transaction() as session:
        await letters.note(session, [row.letter_id for row in rows], of=LetterState.INTENT, batch_asked_at=asked_at)


async def _ask_custom1(row: LetterRow, post: Post) -> None:
    statuses = await ask(post.provider.find(row.letter_id, row.attempt))
    asked_at = post.now()
    await record_statuses(statuses, database=post.database, town=post.settings.town, now=post.now)
    async with post.database.transaction() as session:
        await letters.note(session, [row.letter_id], of=LetterState.INTENT, custom1_asked_at=asked_at)


async def _give_up(row: LetterRow, decision: Unclear, post: Post) -> None:
    log.error("letter.unclear", letter_id=str(row.letter_id), reason=decision.reason)
    async with post.database.transaction() as session:
        current = await letters.concerned(session, [row.letter_id], ())
        changes = [
            Change(each, Progress(each.letter_id, LetterState.UNCLEAR, each.attempt, each.provider_id), decision.reason)
            for each in current
            if each.state == LetterState.INTENT
        ]
        await store(session, changes, town=post.settings.town, now=post.now)
