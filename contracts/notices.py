"""What notices says: the making and release of notices (Bescheide)."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Message

LEVY_FILE_BYTES = 64 * 1024 * 1024
"""What a levy file may have: some 350,000 rows. A larger one is something else."""


class RenderChunk(Message):
    """Command to a render worker: draw and check one chunk of a run's notices."""

    subject: ClassVar[str] = "commands.notices.render_chunk.v1"
    german: ClassVar[str] = "Auftrag: ein Paket von Bescheiden setzen und prüfen."

    run_id: UUID
    chunk: int = Field(ge=0)
    generation: int = Field(ge=0, description="which import of the run's files this belongs to")
    chunk_input: str = Field(
        max_length=200, description="reference of the chunk's input in the document store of notices"
    )


class ChunkRendered(Message):
    """A render worker has written the letters of one chunk and its manifest."""

    subject: ClassVar[str] = "events.notices.chunk_rendered.v1"
    german: ClassVar[str] = "Ein Paket von Bescheiden ist gesetzt und geprüft."

    run_id: UUID
    chunk: int = Field(ge=0)
    generation: int = Field(ge=0, description="which import of the run's files this belongs to")
    manifest: str = Field(max_length=200, description="reference of the manifest in the document store of notices")
    rendered: int = Field(ge=0)
    failed: int = Field(ge=0)


class NoticeGenerated(Message):
    """A notice was released by a second person and waits for its delivery decision."""

    subject: ClassVar[str] = "events.notices.notice_generated.v1"
    german: ClassVar[str] = "Ein Bescheid ist freigegeben und wartet auf die Wahl des Zustellwegs."

    notice_id: UUID
    letter_id: UUID
    run_id: UUID
    kind: str = Field(max_length=120)
    year: int = Field(ge=2000, le=2999)
    revision: int = Field(ge=1)
    legal_regime: Literal["AO", "VwVfG"]
    pages: int = Field(ge=1)
    duplex: bool
    colour: bool
