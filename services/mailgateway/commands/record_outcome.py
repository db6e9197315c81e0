"""What a call has brought: written only to letters that nothing has moved on, or intended anew, since it began."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from services.mailgateway.commands.post import Post
from services.mailgateway.commands.record_statuses import Change, store
from services.mailgateway.domain.letter_state import LetterState, Progress
from services.mailgateway.domain.letters import Accepted, Letter
from services.mailgateway.gateways.epost_errors import explain
from services.mailgateway.gateways.provider import AlreadyThere, InDoubt, ProviderFailure, Refused
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import WaveRow

log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True)
class Call:
    """One upload, and since when it is intended."""

    wave: WaveRow
    letters: tuple[Letter, ...]
    since: datetime

    @property
    def ids(self) -> list[UUID]:
        """The letters' ids."""
        return [letter.letter_id for letter in self.letters]


async def record_accepted(accepted: Sequence[Accepted], post: Post) -> None:
    """Record receipts; whichever call brought them, they are true."""
    receipts = {each.letter_id: each for each in accepted}
    async with post.database.transaction() as session:
        rows = await letters.concerned(session, receipts, ())
        changes = [
            Change(row, Progress(row.letter_id, LetterState.SUBMITTED, row.attempt, receipt.provider_id))
            for row in rows
            if row.state in (LetterState.INTENT, LetterState.UNCLEAR)
            and (receipt := receipts[row.letter_id]).attempt == row.attempt
        ]
        await store(session, changes, town=post.settings.town, now=post.now)


async def record_failure(call: Call, failure: ProviderFailure, post: Post) -> bool:
    """Record why a call has brought no receipt; False when the cause will last, so that the wave has to wait."""
    if isinstance(failure, InDoubt):
        log.warning("letters.in_doubt", reason=failure.reason, count=len(call.letters) - len(failure.accepted))
        await record_accepted(failure.accepted, post)
        await _call_ended(call, post)
        return True
    if isinstance(failure, AlreadyThere):
        log.warning("letters.already_there", code=failure.error.code)
        await _call_ended(call, post)
        return True
    if isinstance(failure, Refused) and explain(failure.error.code).retry != "later":
        await _refused(call, failure, post)
        return True
    await give_back(call, call.ids, post)
    return False


async def give_back(call: Call, letter_ids: Iterable[UUID], post: Post, *, alone: bool = False) -> None:
    """Undo the intent of a call that handed nothing over; what was in doubt before it still is."""
    ids = list(letter_ids)
    async with post.database.transaction() as session:
        await letters.undo_intent(session, ids, since=call.since, alone=alone)
        values: dict[str, object] = {"alone": True} if alone else {}
        await letters.note_call(session, ids, since=call.since, call_ended_at=post.now(), **values)


async def _call_ended(call: Call, post: Post) -> None:
    async with post.database.transaction() as session:
        await letters.note_call(session, call.ids, since=call.since, call_ended_at=post.now())


async def _refused(call: Call, refused: Refused, post: Post) -> None:
    """The guilty letter fails; when it was not named, every letter of the array is sent alone."""
    code = refused.error.code
    log.warning("letters.refused", code=code, count=len(call.letters))
    guilty = set(refused.letter_ids) or (set(call.ids) if len(call.letters) == 1 else set[UUID]())
    if not guilty:
        await give_back(call, call.ids, post, alone=True)
        return
    await give_back(call, set(call.ids) - guilty, post)
    async with post.database.transaction() as session:
        rows = await letters.concerned(session, guilty, ())
        changes = [
            Change(row, Progress(row.letter_id, LetterState.FAILED, row.attempt, row.provider_id), code)
            for row in rows
            if row.state == LetterState.INTENT and row.last_intent_at == call.since
        ]
        await store(session, changes, town=post.settings.town, now=post.now)
