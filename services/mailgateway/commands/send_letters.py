"""Hand letters to the provider: intent stored before the call, outcome after it.

Whatever happens in between, a letter is either known to be there, known not to be there, or in doubt, and doubt is
resolved by asking, never by sending.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.mailgateway.commands.post import Post, outage
from services.mailgateway.commands.reconcile_levy import Reconciliation
from services.mailgateway.commands.record_outcome import Call, give_back, record_accepted, record_failure
from services.mailgateway.domain.batching import chunks, upload_bytes
from services.mailgateway.domain.letter_state import LetterState
from services.mailgateway.domain.letters import Accepted, Letter
from services.mailgateway.gateways.provider import InDoubt, ProviderFailure
from services.mailgateway.storage import letters
from services.mailgateway.storage.tables import LetterRow, WaveRow

log = structlog.stdlib.get_logger()

LETTERS_PER_REQUEST = 50
PUT_OFF = timedelta(seconds=60)
"""How long a letter that cannot be sent makes way for the others."""


async def send_waiting(wave: WaveRow, post: Post, reconciliation: Reconciliation) -> bool:
    """Send one request of waiting letters; False when there is nothing to send yet.

    With a whole request in doubt nothing more is sent: finding out takes one look-up for each letter, and it must
    end while the provider's duplicate failsafe still covers the first call.
    """
    await reconciliation.ensure(wave)
    async with post.database.reading() as session:
        if await letters.in_doubt(session, wave.batch_id) >= LETTERS_PER_REQUEST:
            return False
        waiting = await letters.waiting(session, wave.batch_id, most=LETTERS_PER_REQUEST, now=post.now())
    known = reconciliation.known(row.letter_id for row in waiting)
    if known:
        await reconciliation.ask_again(known)
        await _put_off(reconciliation.known(known), post)
        return True
    if not waiting or not _ripe(waiting, post):
        return False
    return await send(wave, waiting, LetterState.WAITING, post)


def _ripe(waiting: Sequence[LetterRow], post: Post) -> bool:
    """Tell whether to send: a full request at once, a part-filled one when it has waited long enough."""
    if len(waiting) == LETTERS_PER_REQUEST or waiting[0].alone:
        return True
    age = (post.now() - waiting[0].collected_at).total_seconds()
    return age >= post.settings.collect_seconds


async def send(
    wave: WaveRow, rows: Sequence[LetterRow], of: LetterState, post: Post, *, until: datetime | None = None
) -> bool:
    """Send letters that are in state `of`, as many as fit into one request; nothing from `until` on."""
    request = await _request(wave, rows, post)
    async with post.provider.uploading():
        since = post.now()
        if not request or (until is not None and since >= until):
            return False
        wanted = {letter.letter_id for letter in request}
        async with post.database.transaction() as session:
            ours = await letters.declare_intent(
                session, [row for row in rows if row.letter_id in wanted], of=of, now=since
            )
        call = Call(wave, tuple(letter for letter in request if letter.letter_id in ours), since)
        return await _submit(call, post, until=until) if call.letters else False


async def _request(wave: WaveRow, rows: Sequence[LetterRow], post: Post) -> tuple[Letter, ...]:
    fetched = await post.notices.fetch([row.letter_id for row in rows])
    await _not_handed_out([row for row in rows if row.letter_id not in fetched], post)
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
    return next(chunks(ready, size=lambda letter: upload_bytes(len(letter.pdf)), most_bytes=limits.request_bytes), ())


async def _not_handed_out(missing: Sequence[LetterRow], post: Post) -> None:
    """Say once that a document is missing, and let the letter make way; until then it is listed as a problem."""
    news = [row.letter_id for row in missing if row.reason != letters.NOT_HANDED_OUT]
    if news:
        log.error("letters.not_handed_out", letters=[str(each) for each in news])
        async with post.database.transaction() as session:
            for state in (LetterState.WAITING, LetterState.INTENT):
                await letters.note(session, news, of=state, reason=letters.NOT_HANDED_OUT)
    await _make_way((row.letter_id for row in missing), post)


async def _put_off(known: set[UUID], post: Post) -> None:
    """Never send what the provider has shown, even when its second answer does not say how far that letter is."""
    if known:
        log.error("letters.shown_once", letters=[str(each) for each in known])
    await _make_way(known, post)


async def _make_way(letter_ids: Iterable[UUID], post: Post) -> None:
    ids = list(letter_ids)
    if not ids:
        return
    again_at = post.now() + PUT_OFF / post.settings.time_factor
    async with post.database.transaction() as session:
        await letters.note(session, ids, of=LetterState.WAITING, collected_at=again_at)


async def _submit(call: Call, post: Post, *, until: datetime | None) -> bool:
    """Make the call; one that could not begin in time handed nothing over."""
    began, ends = post.now(), call.since + post.settings.patience().longest_call
    if began >= min(until or ends, ends):
        await give_back(call, call.ids, post)
        return False
    try:
        accepted = await _accepted(call, post, seconds=(ends - began).total_seconds())
    except ProviderFailure as failure:
        if await record_failure(call, failure, post):
            return True
        raise outage(failure) from failure
    await record_accepted(accepted, post)
    return True


async def _accepted(call: Call, post: Post, *, seconds: float) -> tuple[Accepted, ...]:
    """Wait for the receipts no longer than those wait who find out about a call that never ended."""
    try:
        async with asyncio.timeout(seconds):
            return await post.provider.submit(call.letters, batch_id=call.wave.batch_id, test=call.wave.test)
    except TimeoutError:
        raise InDoubt("no end") from None
