"""What is handed to a print provider: one letter (Brief) and the receipt for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

DOMESTIC = frozenset({"", "DE", "DEU", "DEUTSCHLAND", "GERMANY"})


@dataclass(frozen=True, slots=True)
class LetterAddress:
    """Recipient (Empfänger) and the sender line; `lines` hold neither postcode, city nor country."""

    lines: tuple[str, ...] = field(repr=False)
    postcode: str = field(repr=False)
    city: str = field(repr=False)
    sender_line: str = field(repr=False)
    country: str = field(default="", repr=False)

    @property
    def abroad(self) -> bool:
        """Whether the letter leaves Germany."""
        return self.country.strip().upper() not in DOMESTIC


@dataclass(frozen=True, slots=True)
class Letter:
    """One attempt to post one letter; the same letter and attempt always give the same names."""

    letter_id: UUID
    attempt: int
    pdf: bytes = field(repr=False)
    address: LetterAddress = field(repr=False)
    duplex: bool = True
    colour: bool = False
    cost_centre: str = ""

    @property
    def reference(self) -> str:
        """`<letter>.<attempt>`: what the provider keeps and can be asked for."""
        return reference_of(self.letter_id, self.attempt)

    @property
    def file_name(self) -> str:
        """Unique for each attempt, letters, digits and a hyphen only."""
        return f"{self.letter_id.hex}-{self.attempt}.pdf"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider's receipt for one letter."""

    letter_id: UUID
    attempt: int
    provider_id: int


def reference_of(letter_id: UUID, attempt: int) -> str:
    """Write the reference under which the provider knows an attempt."""
    return f"{letter_id}.{attempt}"


def read_reference(reference: str | None) -> tuple[UUID, int] | None:
    """Read a reference back; None for letters that another program has posted."""
    letter, dot, attempt = (reference or "").rpartition(".")
    if not dot or not (attempt.isascii() and attempt.isdigit()):
        return None
    try:
        return UUID(letter), int(attempt)
    except ValueError:
        return None
