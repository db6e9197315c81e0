"""What people are told, in which words and how urgently. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Literal
from uuid import UUID

Language = Literal["de", "en", "plain"]
"""`plain` is plain German (Einfache Sprache)."""
Channel = Literal["email", "push"]
Kind = Literal["alert", "update", "all_clear", "correction"]


class Urgency(IntEnum):
    """What overtakes what."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """One message in one language: the headline is also subject and push title."""

    headline: str
    body: str


Texts = Mapping[Language, Wording]
"""German is always there; whoever wants another language that is missing gets German."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that people are to be told of."""

    incident_id: UUID
    subject: str
    """`pool:<pool>`, `alert:<alert_id>`, `staff:<pool>`"""
    topics: tuple[str, ...]
    facts: Mapping[str, object]
    """JSON values for feeds and pages: reason, category, areas, valid_from, valid_until."""
    began_at: datetime
    public: bool = True


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message about an incident."""

    kind: Kind
    urgency: Urgency
    texts: Texts
    made_by: str
    expires_at: datetime
    held: bool = False
    """It waits for a second person."""
    command_id: UUID | None = None


def worded(texts: Texts, language: Language) -> Wording:
    """Return the words for a language, German when it has none."""
    return texts.get(language) or texts["de"]
