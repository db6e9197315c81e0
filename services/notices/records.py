"""The forms in which levy values are stored and handed to render workers: JSON of the domain's own types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pydantic import TypeAdapter

from services.notices.domain.model import Assessment, Finding, Statute


@dataclass(frozen=True, slots=True)
class ChunkNotice:
    """One notice of a chunk."""

    notice_id: UUID
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class ChunkInput:
    """All that a render worker needs for one chunk."""

    run_id: UUID
    generation: int
    statute: Statute
    output_profile: str
    notices: tuple[ChunkNotice, ...]


@dataclass(frozen=True, slots=True)
class LetterResult:
    """What a render worker made of one notice; without a document it could not be drawn or failed its check."""

    notice_id: UUID
    document: str | None
    sha256: str | None
    pages: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What became of the notices of one chunk."""

    results: tuple[LetterResult, ...]


STATUTE = TypeAdapter(Statute)
ASSESSMENT = TypeAdapter(Assessment)
CHUNK_INPUT = TypeAdapter(ChunkInput)
MANIFEST = TypeAdapter(Manifest)


def cents(amount: Decimal) -> int:
    """Return an amount of whole cents as an integer."""
    scaled = amount.scaleb(2)
    if scaled != scaled.to_integral_value():
        message = f"{amount} is not whole cents"
        raise ValueError(message)
    return int(scaled)


def euros(amount: int) -> Decimal:
    """Return cents as EUR with two decimals."""
    return Decimal(amount).scaleb(-2)
