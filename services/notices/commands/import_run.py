"""Import a levy file and a statute: every row accounted for, every debtor assessed, drawing ordered."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from uuid import UUID, uuid5

from sqlalchemy.exc import IntegrityError

from chassis import outbox
from chassis.clock import Clock
from chassis.database import Database
from chassis.documents import Documents
from contracts.notices import RenderChunk
from contracts.output_profile import output_profile
from services.notices.commands.order_drawing import chunk_input, ordered, write_chunks
from services.notices.domain.assessment import assess
from services.notices.domain.levy_file import LevyFileError, read_levy_file
from services.notices.domain.local_day import local_day
from services.notices.domain.model import Assessment, DebtorAccount, HeldBack, LevyImport, RowError, Statute
from services.notices.domain.statute import StatuteError, parse_statute
from services.notices.records import ChunkNotice
from services.notices.settings import NoticesSettings
from services.notices.storage import new_run, runs
from services.notices.storage.new_run import Assessed

_RUNS = UUID("0a5b1c3e-7d0f-4c53-8f5f-9d0b7a1e6c24")
ALREADY_RELEASED = "already_released"


class ImportRefusedError(Exception):
    """The file or the statute is refused as a whole; `sentences` say why, in German."""

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        """Keep what to tell the clerk."""
        super().__init__(title)
        self.title = title
        self.sentences = tuple(sentences)


class AlreadyReleasedError(Exception):
    """Nothing in the file is new or wrong: its debtors had their notices of this levy and year released before."""

    def __init__(self, released_at: datetime) -> None:
        """Keep the latest date of release."""
        super().__init__("already released")
        self.released_at = released_at


@dataclass(frozen=True, slots=True)
class Upload:
    """What a clerk hands in."""

    levy: bytes
    statute: bytes
    imported_by: str


class _ReleasedMeanwhileError(Exception):
    """Notices of this levy and year were released while the file was assessed: it has to be assessed anew."""


async def import_run(
    upload: Upload, *, database: Database, documents: Documents, settings: NoticesSettings, now: Clock
) -> UUID:
    """Import and return the run's id; the same two files again are the same run.

    Raises ImportRefusedError when the file or the statute cannot be used at all, AlreadyReleasedError when nothing in
    it is new. An earlier run of the same levy and year that was not released is set aside.
    """
    statute = await asyncio.to_thread(_statute, upload.statute, settings.output_profile)
    importing = _Importing(upload, statute, database, documents, settings, now)
    while True:
        try:
            return await importing.run()
        except _ReleasedMeanwhileError:
            continue


@dataclass(frozen=True, slots=True)
class _Importing:
    upload: Upload
    statute: Statute
    database: Database
    documents: Documents
    settings: NoticesSettings
    now: Clock

    async def run(self) -> UUID:
        run_id = _run_id(self.settings.town, self.statute, self.upload)
        async with self.database.reading() as session:
            known = await runs.run(session, run_id)
            released = await runs.released_on(session, self.statute.kind, self.statute.year)
        if known is not None and known.state != "superseded":
            return run_id
        assessed = await asyncio.to_thread(_assess, self.upload.levy, self.statute, released)
        to_draw = [each for each in assessed.assessments if not each.below_minimum]
        if not to_draw and {error.code for error in assessed.levy.errors} == {ALREADY_RELEASED}:
            raise AlreadyReleasedError(max(released.values()))
        imported_at = self.now()
        orders = await write_chunks(
            run_id,
            new_run.generation_of(imported_at),
            _chunked(to_draw, self.statute, self.settings),
            self.statute,
            documents=self.documents,
            profile=self.settings.output_profile,
        )
        try:
            set_aside = await self._store(run_id, assessed, released, orders, imported_at)
        except IntegrityError:
            # Somebody has imported the same files at the same time: theirs is this run.
            async with self.database.reading() as session:
                if await runs.run(session, run_id) is None:
                    raise
            return run_id
        await self.documents.delete(_left_behind(set_aside, self.documents))
        return run_id

    async def _store(
        self,
        run_id: UUID,
        assessed: Assessed,
        released: dict[str, datetime],
        orders: Sequence[RenderChunk],
        imported_at: datetime,
    ) -> runs.SetAside:
        async with self.database.transaction() as session:
            set_aside = await runs.supersede_unreleased(session, self.statute.kind, self.statute.year, by=run_id)
            if await runs.released_on(session, self.statute.kind, self.statute.year) != released:
                raise _ReleasedMeanwhileError
            await runs.add_run(
                session,
                new_run.run_row(
                    run_id, assessed, imported_by=self.upload.imported_by, chunks=len(orders), now=imported_at
                ),
                errors=list(new_run.error_rows(run_id, assessed)),
                debtors=list(new_run.debtor_rows(run_id, assessed)),
                notices=list(
                    new_run.notice_rows(
                        run_id, assessed, town=self.settings.town, chunk_letters=self.settings.chunk_letters
                    )
                ),
            )
            await outbox.record(session, ordered(orders, town=self.settings.town, now=imported_at))
        return set_aside


def _left_behind(set_aside: runs.SetAside, documents: Documents) -> Iterator[str]:
    """Name the letters, and the input of chunks that are not drawn yet: a worker that finds none draws nothing."""
    yield from set_aside.documents
    for run_id, (generation, chunks) in set_aside.chunks.items():
        for number in range(chunks):
            yield chunk_input(documents, run_id, generation, number)


def _run_id(town: str, statute: Statute, upload: Upload) -> UUID:
    content = hashlib.sha256(upload.levy).hexdigest() + hashlib.sha256(upload.statute).hexdigest()
    return uuid5(_RUNS, f"{town}|{statute.kind}|{statute.year}|{content}")


def _statute(text: bytes, profile: str) -> Statute:
    try:
        statute = parse_statute(text)
    except StatuteError as error:
        raise ImportRefusedError("Die Satzungsdatei ist nicht verwendbar.", error.sentences) from None
    # Loaded here and not at the start: bank registry and fonts are needed once a year.
    from services.notices.letters.statute_check import check_statute  # noqa: PLC0415 - see above

    findings = check_statute(statute, output_profile(profile))
    if findings:
        raise ImportRefusedError("Die Satzungsdatei ist nicht verwendbar.", [each.message for each in findings])
    return statute


def _assess(levy_file: bytes, statute: Statute, released: dict[str, datetime]) -> Assessed:
    started = perf_counter()
    try:
        levy = _hold_back_released(read_levy_file(levy_file, statute), released)
    except LevyFileError as error:
        raise ImportRefusedError("Die Umlagedatei ist nicht verwendbar.", [str(error)]) from None
    imported = perf_counter()
    assessments = tuple(assess(account, statute) for account in levy.accounts)
    held_back = tuple(
        (each, assess(each.readable, statute) if each.readable is not None else None) for each in levy.held_back
    )
    return Assessed(statute, levy, assessments, held_back, imported - started, perf_counter() - imported)


def _hold_back_released(levy: LevyImport, released: dict[str, datetime]) -> LevyImport:
    """Hold back whoever has a released notice of this levy and year: nobody gets a second one by accident."""
    again = [account for account in levy.accounts if account.reference in released]
    if not again:
        return levy
    errors = [error for account in again for error in _released_errors(account, released[account.reference])]
    return replace(
        levy,
        accounts=tuple(account for account in levy.accounts if account.reference not in released),
        held_back=(
            *levy.held_back,
            *(HeldBack(each.reference, tuple(parcel.row for parcel in each.parcels), each) for each in again),
        ),
        errors=tuple(sorted((*levy.errors, *errors), key=lambda error: error.row)),
    )


def _released_errors(account: DebtorAccount, released_at: datetime) -> Iterator[RowError]:
    for parcel in account.parcels:
        yield RowError(
            parcel.row,
            "Kassenzeichen",
            ALREADY_RELEASED,
            f"Für dieses Kassenzeichen wurde der Bescheid schon am {local_day(released_at)} freigegeben. "
            "Er wird nicht noch einmal versandt; hier ist nichts zu tun.",
        )


def _chunked(
    to_draw: Sequence[Assessment], statute: Statute, settings: NoticesSettings
) -> Iterator[tuple[int, Sequence[ChunkNotice]]]:
    size = settings.chunk_letters
    for number, start in enumerate(range(0, len(to_draw), size)):
        part = to_draw[start : start + size]
        yield number, [ChunkNotice(new_run.id_of_notice(settings.town, statute, each), each) for each in part]
