"""The desk of a levy run: imports, draws without a renderer, records and releases, on real parts."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from sqlalchemy import select

from chassis.database import Database
from chassis.documents import Documents
from chassis.tables import ChassisBase, OutboxRow
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.notices import ChunkRendered, NoticeGenerated, RenderChunk
from contracts.output_profile import output_profile
from services.notices.commands.import_run import Upload, import_run
from services.notices.commands.order_drawing import order_again
from services.notices.commands.record_chunk import record_chunk
from services.notices.commands.release_run import Approval, release_run
from services.notices.domain.model import Finding
from services.notices.gateways.mailgateway import PriorSubmissions
from services.notices.queries.overview import Output
from services.notices.records import CHUNK_INPUT, MANIFEST, ChunkNotice, LetterResult, Manifest
from services.notices.settings import NoticesSettings
from services.notices.storage import runs
from services.notices.storage.tables import Base, NoticeRow, RunRow
from tests.notices.unit.levy_rows import DEMO, a_file, a_row

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
STATUTE = (DEMO / "satzung-2026.toml").read_bytes()
OUTPUT = Output(output_profile("epost"), duplex=True, colour=False)
IMPORTER, APPROVER = "Erika Muster", "Max Beispiel"
TOWN = "15090546"
Fact = TypeVar("Fact", bound=Message)


def accounts(*numbers: int) -> bytes:
    """A levy file with one good parcel for each account."""
    return a_file(*(a_row(number, number) for number in numbers))


@dataclass
class MailgatewayDoor(httpx.AsyncBaseTransport):
    """Answers as the mail gateway does when asked what the provider has."""

    submitted: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    away: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away", request=request)
        found = [{"letter_id": str(each), "created_at": at.isoformat()} for each, at in self.submitted.items()]
        return httpx.Response(200, json={"submissions": found})


@dataclass
class Desk:
    """One installation of notices without its bus; chunks of two letters."""

    database: Database
    documents: Documents
    settings: NoticesSettings
    mailgateway: MailgatewayDoor
    store: Path
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    @property
    def submissions(self) -> PriorSubmissions:
        client = httpx.AsyncClient(transport=self.mailgateway, base_url="http://mailgateway")
        return PriorSubmissions(client)

    async def imports(self, levy: bytes, *, by: str = IMPORTER) -> UUID:
        upload = Upload(levy, STATUTE, by)
        return await import_run(
            upload, database=self.database, documents=self.documents, settings=self.settings, now=self.now
        )

    async def drawn(self, levy: bytes) -> UUID:
        """Import, draw and record everything."""
        run_id = await self.imports(levy)
        for order in await self.orders(run_id):
            await self.record(await self.draw(order))
        return run_id

    async def released(self, levy: bytes) -> UUID:
        run_id = await self.drawn(levy)
        await self.release(run_id)
        return run_id

    async def draw(self, order: CloudEvent[RenderChunk], *, unfit: Sequence[str] = ()) -> CloudEvent[ChunkRendered]:
        """Do what a render worker does, with a document that says little; accounts in `unfit` get a finding."""
        chunk = CHUNK_INPUT.validate_json(await self.documents.get(order.data.chunk_input))
        results = [await self._letter(chunk.run_id, notice, unfit) for notice in chunk.notices]
        body = MANIFEST.dump_json(Manifest(tuple(results)))
        number = order.data.chunk
        reference = self.documents.reference(
            str(chunk.run_id), "manifest", f"{order.sequence}/{number}", suffix=".json"
        )
        await self.documents.put(reference, body)
        failed = sum(result.document is None for result in results)
        rendered = ChunkRendered(
            run_id=chunk.run_id,
            chunk=number,
            generation=order.data.generation,
            manifest=reference,
            rendered=len(results) - failed,
            failed=failed,
        )
        return envelope(
            rendered,
            source=source_of(TOWN, "notices"),
            aggregate=order.subject,
            sequence=order.sequence,
            time=self.now(),
        )

    async def _letter(self, run_id: UUID, notice: ChunkNotice, unfit: Sequence[str]) -> LetterResult:
        reference = notice.assessment.account.reference
        pdf = f"%PDF-1.7 {reference} {notice.assessment.total}".encode()
        digest = hashlib.sha256(pdf).hexdigest()
        if reference in unfit:
            finding = Finding("ink_in_zone", "Auf Seite 1 steht etwas im Bereich „Frankierung“.", 1)
            return LetterResult(notice.notice_id, None, digest, 1, (finding,))
        place = self.documents.reference(str(notice.notice_id), str(run_id), digest, suffix=".pdf")
        await self.documents.put(place, pdf)
        return LetterResult(notice.notice_id, place, digest, 2, ())

    async def record(self, event: CloudEvent[ChunkRendered]) -> None:
        await record_chunk(event, database=self.database, documents=self.documents, now=self.now)

    async def order_again(self) -> list[UUID]:
        return await order_again(database=self.database, documents=self.documents, settings=self.settings, now=self.now)

    async def release(self, run_id: UUID, *, by: str = APPROVER, root_hash: str | None = None) -> None:
        approval = Approval(run_id, root_hash or (await self.run(run_id)).root_hash or "none", by)
        await release_run(
            approval,
            database=self.database,
            submissions=self.submissions,
            settings=self.settings,
            now=self.now,
        )

    async def run(self, run_id: UUID) -> RunRow:
        async with self.database.reading() as session:
            found = await runs.run(session, run_id)
        assert found is not None
        return found

    async def notices(self, run_id: UUID) -> list[NoticeRow]:
        async with self.database.reading() as session:
            rows = await session.scalars(
                select(NoticeRow).where(NoticeRow.run_id == run_id).order_by(NoticeRow.reference)
            )
            return list(rows)

    async def orders(self, run_id: UUID) -> list[CloudEvent[RenderChunk]]:
        """The newest order of each chunk of a run."""
        mine = [event for event in await self.said(RenderChunk) if event.data.run_id == run_id]
        newest = {event.subject: event for event in sorted(mine, key=lambda event: event.sequence)}
        return list(newest.values())

    async def generated(self) -> list[NoticeGenerated]:
        return [event.data for event in await self.said(NoticeGenerated)]

    async def said(self, fact: type[Fact]) -> list[CloudEvent[Fact]]:
        async with self.database.reading() as session:
            bodies = await session.scalars(
                select(OutboxRow.body).where(OutboxRow.subject == fact.subject).order_by(OutboxRow.position)
            )
            return [CloudEvent[fact].model_validate_json(body) for body in bodies]

    def files(self) -> list[str]:
        """Everything that lies in the document store."""
        return sorted(path.relative_to(self.store).as_posix() for path in self.store.rglob("*") if path.is_file())


@asynccontextmanager
async def desk_at(url: str, folder: Path, **settings: Any) -> AsyncGenerator[Desk]:
    """Open a desk on an empty database."""
    database = Database(url)
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.run_sync(ChassisBase.metadata.create_all)
        await connection.run_sync(Base.metadata.create_all)
    store = folder / "documents"
    key = folder / "key"
    key.write_text("a key of this test")
    values: dict[str, Any] = {"chunk_letters": 2, "hash_key_file": key, "town": TOWN, **settings}
    desk = Desk(
        database, Documents(store.as_uri(), key=key.read_text()), NoticesSettings(**values), MailgatewayDoor(), store
    )
    yield desk
    await database.close()
