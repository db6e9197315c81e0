"""Hand letters to the provider: intent stored before the call, outcome after it.

Whatever happens in between, a letter is either known to be there, known not to be there, or in doubt, and doubt is
resolved by asking, never by sending.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import structlog

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import DependencyDown
from services.mailgateway.commands.record_statuses import Change, record_wave, store
from services.mailgateway.domain.batching import chunks, upload_bytes
from services.mailgateway.domain.letter_state import LetterState, Progress
from services.mailgateway.domain.letters import Accepted, Letter
from services.mailgateway.gateways.epost_errors import explain
from services.mailgateway.gateways.notices import NoticesDoor
from services.mailgateway.gateways.provider import (
    AlreadyThere,
    InDoubt,
    PrintProvider,
    ProviderFailure,
    Refused,
    Unauthorised,
)
from services.mailgateway.settings import MailgatewaySettings
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import LetterRow, WaveRow

log = structlog.stdlib.get_logger()

LETTERS_PER_REQUEST = 50
PUT_OFF = timedelta(seconds=60)
"""How long a letter that notices does not hand out makes way for the others."""
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Post:
    """What sending needs."""

    database: Database
    provider: PrintProvider
    notices: NoticesDoor
    settings: MailgatewaySettings
    now: Clock


async def reconcile(wave: WaveRow, post: Post) -> None:
    """Ask the provider what it has of a wave before anything of it is sent: our memory may be fresh or restored."""
    statuses = await ask(post.provider.batch_status(wave.batch_id))
    found = await record_wave(wave.batch_id, statuses, database=post.database, town=post.settings.town, now=post.now)
    log.info("wave.reconciled", batch_id=wave.batch_id, known_to_provider=len(statuses), ours=len(found))


async def send_waiting(wave: WaveRow, post: Post) -> bool:
    """Send one request of waiting letters; False when there is nothing to send yet.

    With a whole request in doubt nothing more is sent: finding out takes one look-up for each letter, and it must
    end while the provider's duplicate failsafe still covers the first call.
    """
    async with post.database.reading() as session:
        if await letters.in_doubt(session, wave.batch_id) >= LETTERS_PER_REQUEST:
            return False
        waiting = await letters.waiting(session, wave.batch_id, most=LETTERS_PER_REQUEST, now=post.now())
    if not waiting or not _ripe(waiting, post):
        return False
    return await send(wave, waiting, LetterState.WAITING, post)


def _ripe(waiting: Sequence[LetterRow], post: Post) -> bool:
    """Tell whether to send: a full request at once, a part-filled one when it has waited long enough."""
    if len(waiting) == LETTERS_PER_REQUEST or waiting[0].alone:
        return True
    age = (post.now() - waiting[0].collected_at).total_seconds()
    return age >= post.settings.collect_seconds


async def send(wave: WaveRow, rows: Sequence[LetterRow], of: LetterState, post: Post) -> bool:
    """Send letters that are in state `of`, as many as fit into one request."""
    fetched = await post.notices.fetch([row.letter_id for row in rows])
    await _put_off([row.letter_id for row in rows if row.letter_id not in fetched], post)
    ready = [
        Letter(
            row.letter_id,
            row.attempt,
            fetched[row.letter_id].pdf,
            fetched[row.letter_id].address,
            duplex=wave.duplex,
            colour=wave.colour,
            cost_centre=post.settings.cost_centre,
        )
        for row in rows
        if row.letter_id in fetched
    ]
    limits = post.settings.options().limits
    request = next(
        chunks(ready, size=lambda letter: upload_bytes(len(letter.pdf)), most_bytes=limits.request_bytes), ()
    )
    async with post.database.transaction() as session:
        ours = await letters.declare_intent(session, [letter.letter_id for letter in request], of=of, now=post.now())
    request = tuple(letter for letter in request if letter.letter_id in ours)
    if not request:
        return False
    await _submit(wave, request, of, post)
    return True


async def _put_off(missing: Sequence[UUID], post: Post) -> None:
    if not missing:
        return
    log.error("letters.not_handed_out", letters=[str(each) for each in missing])
    again_at = post.now() + PUT_OFF / post.settings.time_factor
    async with post.database.transaction() as session:
        await letters.note(session, missing, of=LetterState.WAITING, collected_at=again_at)


async def _submit(wave: WaveRow, request: Sequence[Letter], of: LetterState, post: Post) -> None:
    try:
        accepted = await post.provider.submit(request, batch_id=wave.batch_id, test=wave.test)
    except InDoubt as doubt:
        log.warning("letters.in_doubt", reason=doubt.reason, count=len(request) - len(doubt.accepted))
        await _accept(doubt.accepted, post)
        await _call_ended(request, post)
    except AlreadyThere as there:
        log.warning("letters.already_there", code=there.error.code)
        await _call_ended(request, post)
    except Refused as refused:
        await _refused(request, refused, of, post)
    except ProviderFailure as failure:
        await _give_back(request, of, post)
        raise _outage(failure) from failure
    else:
        await _accept(accepted, post)


async def _accept(accepted: Sequence[Accepted], post: Post) -> None:
    numbers = {each.letter_id: each.provider_id for each in accepted}
    async with post.database.transaction() as session:
        rows = await letters.concerned(session, numbers, ())
        changes = [
            Change(row, Progress(row.letter_id, LetterState.SUBMITTED, row.attempt, numbers[row.letter_id]))
            for row in rows
            if row.state == LetterState.INTENT
        ]
        await store(session, changes, town=post.settings.town, now=post.now)


async def _call_ended(request: Sequence[Letter], post: Post) -> None:
    async with post.database.transaction() as session:
        await letters.note(session, _ids(request), of=LetterState.INTENT, call_ended_at=post.now())


async def _give_back(request: Sequence[Letter], of: LetterState, post: Post, *, alone: bool = False) -> None:
    """Undo the intent of a call that handed nothing over; what was in doubt before it still is."""
    values: dict[str, object] = {"alone": True} if alone else {}
    if of is LetterState.INTENT:
        values["call_ended_at"] = post.now()
    else:
        values |= {"state": LetterState.WAITING, "first_intent_at": None, "last_intent_at": None}
    async with post.database.transaction() as session:
        await letters.note(session, _ids(request), of=LetterState.INTENT, **values)


async def _refused(request: Sequence[Letter], refused: Refused, of: LetterState, post: Post) -> None:
    """The guilty letter fails; when it was not named, every letter of the array is sent alone."""
    code = refused.error.code
    log.warning("letters.refused", code=code, count=len(request))
    if explain(code).retry == "later":
        await _give_back(request, of, post)
        raise _outage(refused)
    guilty = set(refused.letter_ids) or ({request[0].letter_id} if len(request) == 1 else set[UUID]())
    if not guilty:
        await _give_back(request, of, post, alone=True)
        return
    await _give_back([letter for letter in request if letter.letter_id not in guilty], of, post)
    async with post.database.transaction() as session:
        rows = await letters.concerned(session, guilty, ())
        changes = [
            Change(row, Progress(row.letter_id, LetterState.FAILED, row.attempt, row.provider_id), code)
            for row in rows
            if row.state == LetterState.INTENT
        ]
        await store(session, changes, town=post.settings.town, now=post.now)


def _ids(request: Sequence[Letter]) -> list[UUID]:
    return [letter.letter_id for letter in request]


async def ask(answer: Awaitable[Answer]) -> Answer:
    """Wait for a look-up; an unanswered one is an outage, never an empty answer."""
    try:
        return await answer
    except ProviderFailure as failure:
        raise _outage(failure) from failure


def _outage(failure: ProviderFailure) -> DependencyDown:
    """Name what is waited for, with the provider's code where a person may have to act."""
    if isinstance(failure, Refused | Unauthorised):
        return DependencyDown(f"Druckdienst ({failure.error.code})")
    return DependencyDown("Druckdienst")
