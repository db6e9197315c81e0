"""Hand letters to the provider: intent stored before the call, outcome after it.

Whatever happens in between, a letter is either known to be there, known not to be there, or in doubt, and doubt is
resolved by asking, never by sending.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import structlog

from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import DependencyDown
from services.mailgateway.commands.record_statuses import Change, record_statuses, store
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
)
from services.mailgateway.settings import MailgatewaySettings
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import LetterRow, WaveRow

log = structlog.stdlib.get_logger()

LETTERS_PER_REQUEST = 50
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
    found = await record_statuses(statuses, database=post.database, town=post.settings.town, now=post.now)
    log.info("wave.reconciled", batch_id=wave.batch_id, known_to_provider=len(statuses), ours=len(found))


async def send_waiting(wave: WaveRow, post: Post) -> bool:
    """Send one request of waiting letters; False when there is nothing to send yet."""
    async with post.database.reading() as session:
        waiting = await letters.waiting(session, wave.batch_id, most=LETTERS_PER_REQUEST)
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
    missing = [str(row.letter_id) for row in rows if row.letter_id not in fetched]
    if missing:
        log.error("letters.not_released", letters=missing)
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
    await _submit(wave, request, post)
    return True


async def _submit(wave: WaveRow, request: Sequence[Letter], post: Post) -> None:
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
        await _refused(request, refused, post)
    except ProviderFailure as failure:
        # Nothing was handed over: the letters wait on as if the call had not been made.
        await _give_back(request, post)
        raise DependencyDown("Druckdienst") from failure
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


async def _give_back(request: Sequence[Letter], post: Post, *, alone: bool = False) -> None:
    values: dict[str, object] = {"alone": True} if alone else {}
    async with post.database.transaction() as session:
        await letters.note(session, _ids(request), of=LetterState.INTENT, state=LetterState.WAITING, **values)


async def _refused(request: Sequence[Letter], refused: Refused, post: Post) -> None:
    """The guilty letter fails; when it was not named, every letter of the array is sent alone."""
    code = refused.error.code
    log.warning("letters.refused", code=code, count=len(request))
    if explain(code).retry == "later":
        await _give_back(request, post)
        raise DependencyDown("Druckdienst")
    guilty = set(refused.letter_ids) or ({request[0].letter_id} if len(request) == 1 else set[UUID]())
    if not guilty:
        await _give_back(request, post, alone=True)
        return
    await _give_back([letter for letter in request if letter.letter_id not in guilty], post)
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
        raise DependencyDown("Druckdienst") from failure
