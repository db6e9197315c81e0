"""Queries on levy runs and their notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notices.domain.identity import root_hash
from services.notices.storage.tables import DebtorRow, FindingRow, NoticeRow, ReleasedRow, RowErrorRow, RunRow

Row = dict[str, Any]
ROWS_PER_STATEMENT = 1000


@dataclass(frozen=True, slots=True)
class SetAside:
    """What an unreleased run leaves behind: generation and number of its chunks, and the documents recorded."""

    chunks: dict[UUID, tuple[int, int]]
    documents: tuple[str, ...]


def _is_released() -> ColumnElement[bool]:
    return and_(ReleasedRow.notice_id == NoticeRow.notice_id, ReleasedRow.run_id == NoticeRow.run_id)


async def run(session: AsyncSession, run_id: UUID) -> RunRow | None:
    """Return a run."""
    return await session.get(RunRow, run_id)


async def statute(session: AsyncSession, run_id: UUID) -> str:
    """Return the statute of a run as JSON; LookupError without the run."""
    found = await session.scalar(select(RunRow.statute).where(RunRow.run_id == run_id))
    if found is None:
        raise LookupError(str(run_id))
    return found


async def released_on(session: AsyncSession, kind: str, year: int) -> dict[str, datetime]:
    """Return when each debtor account of a levy and year had its notice released, by reference."""
    rows = await session.execute(
        select(NoticeRow.reference, ReleasedRow.released_at)
        .join(ReleasedRow, _is_released())
        .join(RunRow, RunRow.run_id == NoticeRow.run_id)
        .where(RunRow.kind == kind, RunRow.year == year)
    )
    return {row.reference: row.released_at for row in rows}


async def supersede_unreleased(session: AsyncSession, kind: str, year: int, *, by: UUID) -> SetAside:
    """Set aside the other unreleased runs of a levy and year; return what nobody needs any more.

    The runs come first: a release that is under way holds its run until it is released for good or not at all.
    """
    set_aside = await session.execute(
        update(RunRow)
        .where(
            RunRow.kind == kind,
            RunRow.year == year,
            RunRow.run_id != by,
            RunRow.state.not_in(["released", "superseded"]),
        )
        .values(state="superseded")
        .returning(RunRow.run_id, RunRow.chunks, RunRow.generation)
    )
    chunks = {row.run_id: (row.generation, row.chunks) for row in set_aside}
    documents = await session.scalars(
        select(NoticeRow.document).where(NoticeRow.run_id.in_(chunks), NoticeRow.document.is_not(None))
    )
    orphaned = tuple(each for each in documents if each is not None)
    await session.execute(delete(NoticeRow).where(NoticeRow.run_id.in_(chunks)))
    return SetAside(chunks, orphaned)


async def held_for_drawing(session: AsyncSession, run_id: UUID) -> bool:
    """Tell whether the run is being drawn, and let nobody else close it or set it aside meanwhile."""
    found = await session.scalar(
        select(RunRow.run_id).where(RunRow.run_id == run_id, RunRow.state == "rendering").with_for_update()
    )
    return found is not None


async def add_run(
    session: AsyncSession, run_row: Row, *, errors: Sequence[Row], debtors: Sequence[Row], notices: Sequence[Row]
) -> None:
    """Store a run with all that belongs to it; one of the same files that was set aside makes way.

    IntegrityError when the same files have become a run meanwhile.
    """
    for table in (RowErrorRow, FindingRow, DebtorRow):
        await session.execute(delete(table).where(table.run_id == run_row["run_id"]))
    await session.execute(delete(RunRow).where(RunRow.run_id == run_row["run_id"], RunRow.state == "superseded"))
    await session.execute(insert(RunRow), [run_row])
    for table, rows in ((RowErrorRow, errors), (DebtorRow, debtors), (NoticeRow, notices)):
        if rows:
            await session.execute(insert(table), list(rows))


async def waiting(session: AsyncSession, run_id: UUID, *which: ColumnElement[bool]) -> int:
    """Count the notices of a run that are not drawn yet."""
    counted = await session.scalar(
        select(func.count()).where(NoticeRow.run_id == run_id, NoticeRow.render_state == "waiting", *which)
    )
    return counted or 0


async def rendered_hashes(session: AsyncSession, run_id: UUID) -> list[tuple[UUID, str]]:
    """Return the id and document hash of every drawn notice of a run."""
    rows = await session.execute(
        select(NoticeRow.notice_id, NoticeRow.sha256).where(
            NoticeRow.run_id == run_id, NoticeRow.render_state == "rendered"
        )
    )
    return [(row.notice_id, row.sha256) for row in rows]


async def rendered(session: AsyncSession, run_id: UUID) -> Sequence[NoticeRow]:
    """Return the drawn notices of a run in the order of their references."""
    rows = await session.scalars(
        select(NoticeRow)
        .where(NoticeRow.run_id == run_id, NoticeRow.render_state == "rendered")
        .order_by(NoticeRow.reference)
    )
    return rows.all()


async def by_letters(session: AsyncSession, letter_ids: Iterable[UUID]) -> Sequence[NoticeRow]:
    """Return the released notices of some letters."""
    rows = await session.scalars(
        select(NoticeRow).join(ReleasedRow, _is_released()).where(NoticeRow.letter_id.in_(list(letter_ids)))
    )
    return rows.all()


async def release(session: AsyncSession, notices: Sequence[NoticeRow], *, released_at: datetime) -> None:
    """Claim the notices as released; IntegrityError when one of them was before."""
    await session.execute(
        insert(ReleasedRow),
        [
            {
                "notice_id": each.notice_id,
                "letter_id": each.letter_id,
                "run_id": each.run_id,
                "released_at": released_at,
            }
            for each in notices
        ],
    )


async def note_delivery(session: AsyncSession, *which: ColumnElement[bool], **values: object) -> None:
    """Write what became of released notices."""
    await session.execute(update(NoticeRow).where(exists().where(_is_released()), *which).values(**values))


async def newest(session: AsyncSession, notice_id: UUID) -> NoticeRow | None:
    """Return a notice as its newest run has it."""
    return await session.scalar(
        select(NoticeRow)
        .join(RunRow, RunRow.run_id == NoticeRow.run_id)
        .where(NoticeRow.notice_id == notice_id)
        .order_by(RunRow.imported_at.desc())
        .limit(1)
    )


async def standing_still(session: AsyncSession, *, before: datetime) -> Sequence[RunRow]:
    """Return the runs that are being drawn and have not gone on since."""
    rows = await session.scalars(select(RunRow).where(RunRow.state == "rendering", RunRow.moved_at < before))
    return rows.all()


async def waiting_notices(session: AsyncSession, run_id: UUID) -> Sequence[NoticeRow]:
    """Return the notices of a run that are not drawn yet, chunk by chunk."""
    rows = await session.scalars(
        select(NoticeRow)
        .where(NoticeRow.run_id == run_id, NoticeRow.render_state == "waiting")
        .order_by(NoticeRow.chunk, NoticeRow.reference)
    )
    return rows.all()


async def set_aside(session: AsyncSession, run_id: UUID) -> None:
    """Set a run aside that cannot be released any more, so that its files can be imported again."""
    await session.execute(
        update(RunRow).where(RunRow.run_id == run_id, RunRow.state == "checked").values(state="superseded")
    )
    await session.execute(delete(NoticeRow).where(NoticeRow.run_id == run_id))


async def take_out(session: AsyncSession, run: RunRow, notices: Sequence[NoticeRow], *, code: str, message: str) -> str:
    """Take notices out of a checked run, with the reason, and return the root hash of the rest."""
    ids = [each.notice_id for each in notices]
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        await session.execute(
            update(NoticeRow)
            .where(NoticeRow.run_id == run.run_id, NoticeRow.notice_id.in_(ids[start : start + ROWS_PER_STATEMENT]))
            .values(render_state="failed")
        )
    await session.execute(
        insert(FindingRow),
        [
            {
                "run_id": run.run_id,
                "notice_id": each.notice_id,
                "reference": each.reference,
                "code": code,
                "message": message,
            }
            for each in notices
        ],
    )
    rest = root_hash(await rendered_hashes(session, run.run_id))
    await session.execute(
        update(RunRow).where(RunRow.run_id == run.run_id, RunRow.state == "checked").values(root_hash=rest)
    )
    return rest
