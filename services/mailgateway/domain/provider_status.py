"""What a print provider says about a letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

Level = Literal["error", "warning", "info"]
Stage = Literal["accepted", "checked", "printing", "posted", "failed"]


@dataclass(frozen=True, slots=True)
class ProviderError:
    """A message of the provider; its description may quote an address, so it is kept out of repr."""

    code: str
    level: Level = "error"
    description: str = field(default="", repr=False)
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """The state of one submission; `letter_id` is None for letters that are not ours."""

    provider_id: int
    custom1: str
    letter_id: UUID | None
    attempt: int | None
    status: Stage
    test: bool = False
    created_at: datetime | None = None
    posted_at: datetime | None = None
    pages: int | None = None
    errors: tuple[ProviderError, ...] = ()
    duplicate_of: int | None = None
    batch_id: int | None = None

    @property
    def live(self) -> bool:
        """Whether this submission has become or may still become paper."""
        return self.status != "failed"
