"""Order the drawing of a run: the input of each chunk to the document store, a reference to the workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy import update

from chassis import outbox
from chassis.clock import Clock
from chassis.database import Database
from chassis.documents import Documents
from contracts.base import CloudEvent, envelope, source_of
from contracts.notices import RenderChunk
from services.notices.domain.model import Statute
from services.notices.records import ASSESSMENT, CHUNK_INPUT, STATUTE, ChunkInput, ChunkNotice
from services.notices.settings import NoticesSettings
from services.notices.storage import runs
from services.notices.storage.tables import RunRow

log = structlog.stdlib.get_logger()


async def write_chunks(
    run_id: UUID,
    generation: int,
    chunks: Iterable[tuple[int, Sequence[ChunkNotice]]],
    statute: Statute,
    *,
    documents: Documents,
    profile: str,
) -> list[RenderChunk]:
    """Write the workers' input; the bus carries only references."""
    orders: list[RenderChunk] = []
    for number, notices in chunks:
        reference = chunk_input(documents, run_id, generation, number)
        content = ChunkInput(run_id, generation, statute, profile, tuple(notices))
        await documents.put(reference, CHUNK_INPUT.dump_json(content))
        orders.append(RenderChunk(run_id=run_id, chunk=number, generation=generation, chunk_input=reference))
    return orders


def chunk_input(documents: Documents, run_id: UUID, generation: int, number: int) -> str:
    """Return where the input of a chunk lies until the chunk is recorded."""
    return documents.reference(str(run_id), "chunk", f"{generation}/{number}", suffix=".json")


def ordered(orders: Sequence[RenderChunk], *, town: str, now: datetime) -> list[CloudEvent[RenderChunk]]:
    """Wrap orders; the same chunk may be ordered again later, hence the time as its number."""
    return [
        envelope(
            order,
            source=source_of(town, "notices"),
            aggregate=f"{order.run_id}/{order.chunk}",
            sequence=int(now.timestamp() * 1000),
            time=now,
        )
        for order in orders
    ]


async def order_again(*, database: Database, documents: Documents, settings: NoticesSettings, now: Clock) -> list[UUID]:
    """Order anew what a run still waits for when its drawing has stood still for long; return these runs.

    The rows are the promise: whatever became of an order on the bus, a run is drawn to its end.
    """
    async with database.reading() as session:
        stuck = await runs.standing_still(session, before=now() - settings.redraw_after)
    for run in stuck:
        log.warning("drawing.ordered_again", run_id=str(run.run_id))
        orders = await _orders_of(run, database=database, documents=documents, settings=settings)
        async with database.transaction() as session:
            await session.execute(update(RunRow).where(RunRow.run_id == run.run_id).values(moved_at=now()))
            await outbox.record(session, ordered(orders, town=settings.town, now=now()))
    return [run.run_id for run in stuck]


async def _orders_of(
    run: RunRow, *, database: Database, documents: Documents, settings: NoticesSettings
) -> list[RenderChunk]:
    async with database.reading() as session:
        waiting = await runs.waiting_notices(session, run.run_id)

    def chunks() -> Iterator[tuple[int, Sequence[ChunkNotice]]]:
        for number, rows in groupby(waiting, key=lambda row: row.chunk):
            yield number, [ChunkNotice(row.notice_id, ASSESSMENT.validate_json(row.assessment)) for row in rows]

    return await write_chunks(
        run.run_id,
        run.generation,
        chunks(),
        STATUTE.validate_json(run.statute),
        documents=documents,
        profile=settings.output_profile,
    )
