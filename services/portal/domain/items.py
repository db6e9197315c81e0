"""What feeds, calendars and alerts are made of: incidents with what was said of them. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

EPOCH = "2026-01-01T00:00:00+00:00"
"""When a feed that was never written to was last changed."""


@dataclass(frozen=True, slots=True)
class Said:
    """One announcement in one language."""

    number: int
    kind: str
    headline: str
    body: str
    at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One incident in one language; `said` in its order, never empty."""

    incident: UUID
    language: str
    url: str
    said: tuple[Said, ...]
    topics: Mapping[str, str]
    """Those that have a name, by code."""
    begins_at: datetime
    ends_at: datetime | None
    mistaken: bool

    @property
    def newest(self) -> Said:
        """Return what was said last."""
        return self.said[-1]

    @property
    def matter(self) -> Said:
        """Return what was last said while it went on: what it is about, not that it is over."""
        ongoing = [each for each in self.said if each.kind in {"alert", "update"}]
        return ongoing[-1] if ongoing else self.said[-1]

    @property
    def urn(self) -> str:
        """Return a name that stays: one per incident and language."""
        return f"urn:uuid:{self.incident if self.language == 'de' else uuid5(self.incident, self.language)}"


@dataclass(frozen=True, slots=True)
class Feed:
    """All that is told of a topic, newest first."""

    urn: str
    title: str
    author: str
    language: str
    """As in `xml:lang`."""
    self_url: str
    page_url: str
    items: tuple[Item, ...]

    @property
    def updated(self) -> datetime:
        """Return when something was last told."""
        return max((each.newest.at for each in self.items), default=datetime.fromisoformat(EPOCH))
