"""Record what a render worker made of a chunk; the last one closes the drawing with the root hash."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import inbox
from chassis.clock import Clock
from chassis.database import Database
from chassis.documents import Documents
from contracts.base import CloudEvent
from contracts.notices import ChunkRendered
from services.notices.commands.order_drawing import chunk_input
from services.notices.domain.identity import root_hash
from services.notices.records import MANIFEST, Manifest
from services.notices.storage import runs
from services.notices.storage.tables import FindingRow, NoticeRow, RunRow

DURABLE = "notices-chunks"


async def record_chunk(
    event: CloudEvent[ChunkRendered], *, database: Database, documents: Documents, now: Clock
) -> None:
    """Take over a chunk's documents and findings, once; those of a run that was set aside are deleted."""
    chunk = event.data
    async with database.reading() as session:
        run = await runs.run(session, chunk.run_id)
        waiting = await runs.waiting(session, chunk.run_id, NoticeRow.chunk == chunk.chunk)
    if run is None or run.state == "superseded" or run.generation != chunk.generation:
        await _throw_away(chunk, documents)
        return
    if not waiting:
        return
    manifest = MANIFEST.validate_json(await documents.get(chunk.manifest))
    async with database.transaction() as session:
        # Without the hold, two replicas with the last two chunks would each take the other one for missing.
        if not await runs.held_for_drawing(session, chunk.run_id):
            return
        if not await inbox.first_delivery(session, DURABLE, event):
            return
        await _take_over(session, chunk.run_id, manifest)
        await session.execute(update(RunRow).where(RunRow.run_id == chunk.run_id).values(moved_at=now()))
        if await runs.waiting(session, chunk.run_id) == 0:
            hashes = await runs.rendered_hashes(session, chunk.run_id)
            await session.execute(
                update(RunRow)
                .where(RunRow.run_id == chunk.run_id, RunRow.state == "rendering")
                .values(state="checked", root_hash=root_hash(hashes), checked_at=now())
            )
    spent = chunk_input(documents, chunk.run_id, chunk.generation, chunk.chunk)
    await documents.delete([chunk.manifest, spent])


async def _throw_away(chunk: ChunkRendered, documents: Documents) -> None:
    """Delete letters that came after their run was set aside: nobody else knows of them."""
    try:
        manifest = MANIFEST.validate_json(await documents.get(chunk.manifest))
    except FileNotFoundError:
        return
    letters = [result.document for result in manifest.results if result.document is not None]
    await documents.delete([*letters, chunk.manifest])


async def _take_over(session: AsyncSession, run_id: UUID, manifest: Manifest) -> None:
    for result in manifest.results:
        taken = await session.execute(
            update(NoticeRow)
            .where(
                NoticeRow.notice_id == result.notice_id,
                NoticeRow.run_id == run_id,
                NoticeRow.render_state == "waiting",
            )
            .values(
                render_state="rendered" if result.document is not None and not result.findings else "failed",
                document=result.document,
                sha256=result.sha256,
                pages=result.pages,
            )
            .returning(NoticeRow.reference)
        )
        reference = taken.scalar_one_or_none()
        if reference is not None and result.findings:
            await session.execute(
                insert(FindingRow),
                [
                    {
                        "run_id": run_id,
                        "notice_id": result.notice_id,
                        "reference": reference,
                        "code": finding.code,
                        "message": finding.message,
                    }
                    for finding in result.findings
                ],
            )
