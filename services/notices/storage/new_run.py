"""The rows of a new run: what an import writes to the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notices.domain.identity import letter_id, notice_id
from services.notices.domain.model import Assessment, HeldBack, LevyImport, Statute
from services.notices.records import ASSESSMENT, STATUTE, cents
from services.notices.storage.runs import Row

REVISION = 1
"""Corrections (§ 129 AO and others) will count on from here."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A levy file and what the statute makes of it."""

    statute: Statute
    levy: LevyImport
    assessments: tuple[Assessment, ...]
    held_back: tuple[tuple[HeldBack, Assessment | None], ...]
    import_seconds: float
    assess_seconds: float


def id_of_notice(town: str, statute: Statute, assessment: Assessment) -> UUID:
    """Return the id of an account's notice."""
    return notice_id(town, statute.kind, statute.year, assessment.account.reference, REVISION)


def generation_of(imported_at: datetime) -> int:
    """Number an import of the same files."""
    return int(imported_at.timestamp() * 1000)


def run_row(run_id: UUID, assessed: Assessed, *, imported_by: str, chunks: int, now: datetime) -> Row:
    """The run itself."""
    return {
        "run_id": run_id,
        "kind": assessed.statute.kind,
        "year": assessed.statute.year,
        "state": "rendering" if chunks else "checked",
        "statute": STATUTE.dump_json(assessed.statute).decode(),
        "imported_by": imported_by,
        "imported_at": now,
        "rows": assessed.levy.rows,
        "unattributed_rows": len(assessed.levy.unattributed_rows),
        "chunks": chunks,
        "generation": generation_of(now),
        "moved_at": now,
        "import_seconds": assessed.import_seconds,
        "assess_seconds": assessed.assess_seconds,
    }


def error_rows(run_id: UUID, assessed: Assessed) -> Iterator[Row]:
    """What is wrong in which row of the file."""
    for each in assessed.levy.errors:
        yield {
            "run_id": run_id,
            "row": each.row,
            "column": each.column,
            "code": each.code,
            "message": each.message,
        }


def debtor_rows(run_id: UUID, assessed: Assessed) -> Iterator[Row]:
    """What became of each debtor account."""
    for each in assessed.assessments:
        yield {
            "run_id": run_id,
            "reference": each.account.reference,
            "outcome": "below_minimum" if each.below_minimum else "assessed",
            "rows": len(each.account.parcels),
            "cents": cents(each.total),
        }
    for held, readable in assessed.held_back:
        yield {
            "run_id": run_id,
            "reference": held.reference,
            "outcome": "held_back",
            "rows": len(held.rows),
            "cents": cents(readable.total) if readable is not None else 0,
        }


def notice_rows(run_id: UUID, assessed: Assessed, *, town: str, chunk_letters: int) -> Iterator[Row]:
    """The notices to be drawn, in chunks."""
    statute = assessed.statute
    to_draw = (each for each in assessed.assessments if not each.below_minimum)
    for number, each in enumerate(to_draw):
        reference = each.account.reference
        yield {
            "notice_id": id_of_notice(town, statute, each),
            "letter_id": letter_id(town, statute.kind, statute.year, reference, REVISION),
            "run_id": run_id,
            "reference": reference,
            "chunk": number // chunk_letters,
            "cents": cents(each.total),
            "administration_cents": cents(each.administration),
            "assessment": ASSESSMENT.dump_json(each).decode(),
        }
