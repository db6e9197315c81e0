"""Approve and release a run: a second person names its root hash, then every notice goes its way."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import outbox
from chassis.clock import Clock
from chassis.database import Database
from contracts.base import envelope, source_of
from contracts.notices import NoticeGenerated
from services.notices.domain.local_day import local_day
from services.notices.gateways.mailgateway import PriorSubmissions
from services.notices.settings import NoticesSettings
from services.notices.storage import runs
from services.notices.storage.new_run import REVISION
from services.notices.storage.tables import NoticeRow, RunRow

LEGAL_REGIME = "AO"
"""Levies are raised like fees under the KAG-LSA, which refers to the Abgabenordnung (§ 13 KAG-LSA)."""


class ReleaseRefusedError(Exception):
    """Why a run cannot be released, in German; `released_at` when it was before."""

    def __init__(self, title: str, detail: str, *, released_at: datetime | None = None) -> None:
        """Keep what to tell the person."""
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.released_at = released_at


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approves which documents."""

    run_id: UUID
    root_hash: str
    approved_by: str


async def release_run(
    approval: Approval,
    *,
    database: Database,
    submissions: PriorSubmissions,
    settings: NoticesSettings,
    now: Clock,
) -> None:
    """Release; ReleaseRefusedError when the approval does not fit or the provider already has letters of this run."""
    started = perf_counter()
    async with database.reading() as session:
        run = await runs.run(session, approval.run_id)
        notices = await runs.rendered(session, approval.run_id)
    if run is None:
        raise ReleaseRefusedError("Diesen Lauf gibt es nicht.", "Bitte die Kennung des Laufs prüfen.")
    _check(run, approval, notices)
    await _refuse_submitted(run, notices, await submissions.find(run.kind, run.year), database=database)
    released_at = now()
    events = [
        envelope(
            _generated(run, notice, settings),
            source=source_of(settings.town, "notices"),
            aggregate=str(notice.notice_id),
            sequence=1,
            time=released_at,
        )
        for notice in notices
    ]
    try:
        async with database.transaction() as session:
            await _claim(session, approval, released_at=released_at, seconds=perf_counter() - started)
            await runs.release(session, notices, released_at=released_at)
            await outbox.record(session, events)
    except IntegrityError:
        async with database.transaction() as session:
            await runs.set_aside(session, run.run_id)
        raise ReleaseRefusedError(
            "Bescheide dieses Laufs wurden inzwischen mit einem anderen Lauf freigegeben.",
            "Bitte die Datei noch einmal einlesen: Was schon freigegeben ist, wird dann zurückgestellt.",
        ) from None


async def _claim(session: AsyncSession, approval: Approval, *, released_at: datetime, seconds: float) -> None:
    """Turn the run from checked to released; only one of several approvals can."""
    released = await session.execute(
        update(RunRow)
        .where(RunRow.run_id == approval.run_id, RunRow.state == "checked", RunRow.root_hash == approval.root_hash)
        .values(state="released", approved_by=approval.approved_by, released_at=released_at, release_seconds=seconds)
        .returning(RunRow.run_id)
    )
    if released.first() is None:
        raise ReleaseRefusedError(
            "Der Lauf hat sich inzwischen geändert.", "Bitte den Stand neu ansehen und noch einmal freigeben."
        )


def _check(run: RunRow, approval: Approval, notices: Sequence[NoticeRow]) -> None:
    if run.released_at is not None:
        raise _already(run.released_at)
    if run.state == "superseded":
        raise ReleaseRefusedError("Dieser Lauf wurde durch einen neueren ersetzt.", "Bitte den neueren Lauf freigeben.")
    if run.state != "checked":
        raise ReleaseRefusedError(
            "Der Lauf ist noch nicht fertig geprüft.", "Bitte warten, bis alle Bescheide erzeugt und geprüft sind."
        )
    if approval.root_hash != run.root_hash:
        raise ReleaseRefusedError(
            "Die Prüfsumme gehört nicht zu diesem Stand des Laufs.",
            "Bitte die Prüfsumme aus der Übersicht des Laufs übernehmen: Sie steht für genau diese Bescheide.",
        )
    if not _name(approval.approved_by):
        raise ReleaseRefusedError("Es fehlt der Name der Person, die freigibt.", "Bitte den Namen angeben.")
    if _same_person(approval.approved_by, run.imported_by):
        raise ReleaseRefusedError(
            "Freigeben muss eine zweite Person.",
            f"Den Lauf hat „{run.imported_by}“ eingelesen; bitte mit einem anderen Namen freigeben.",
        )
    if not notices:
        raise ReleaseRefusedError(
            "In diesem Lauf gibt es keinen Bescheid zum Versenden.", "Bitte die Hinweise ansehen."
        )


async def _refuse_submitted(
    run: RunRow, notices: Sequence[NoticeRow], submitted: dict[UUID, datetime], *, database: Database
) -> None:
    """Refuse what the provider has already: our own memory may be fresh or restored.

    If it has only some of the letters, these are taken out of the run, visibly, and the rest can be approved anew.
    """
    there = [notice for notice in notices if notice.letter_id in submitted]
    if not there:
        return
    first = min(submitted[notice.letter_id] for notice in there)
    if len(there) == len(notices):
        raise _already(first)
    async with database.transaction() as session:
        rest = await runs.take_out(
            session,
            run,
            there,
            code="already_submitted",
            message=f"Der Brief liegt schon seit dem {local_day(first)} beim Druckdienst. Er wird nicht noch einmal "
            "versandt.",
        )
    raise ReleaseRefusedError(
        f"{len(there)} der {len(notices)} Briefe liegen schon seit dem {local_day(first)} beim Druckdienst.",
        "Sie werden kein zweites Mal versandt und sind jetzt aus dem Lauf genommen. Bitte die übrigen mit der neuen "
        f"Prüfsumme freigeben: {rest}",
    )


def _already(released_at: datetime) -> ReleaseRefusedError:
    return ReleaseRefusedError(
        f"Dieser Lauf wurde schon am {local_day(released_at)} freigegeben.",
        "Er wird kein zweites Mal versandt. Den Stand zeigt: rathaus levy status",
        released_at=released_at,
    )


def _same_person(first: str, second: str) -> bool:
    return _name(first) == _name(second)


def _name(text: str) -> str:
    """Reduce a name to what tells people apart: no case, no blanks, no spelling that only a computer sees."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _generated(run: RunRow, notice: NoticeRow, settings: NoticesSettings) -> NoticeGenerated:
    return NoticeGenerated(
        notice_id=notice.notice_id,
        letter_id=notice.letter_id,
        run_id=run.run_id,
        kind=run.kind,
        year=run.year,
        revision=REVISION,
        legal_regime=LEGAL_REGIME,
        pages=notice.pages,
        duplex=settings.duplex,
        colour=settings.colour,
    )
