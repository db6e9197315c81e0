"""What is handed over to one person: plain values between ledger and gateways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.subscriptions.domain.announcing import Channel, Kind, Language, Texts


@dataclass(frozen=True, slots=True)
class Matter:
    """An announcement and its incident: the same for all who are told."""

    announcement_id: int
    number: int
    kind: Kind
    urgency: int
    texts: Texts
    expires_at: datetime
    released_at: datetime
    incident_id: UUID
    subject: str
    facts: Mapping[str, object]
    topics: tuple[str, ...]
    first_announcement_id: int
    """The incident's first one that was sent: what mail programs thread the later ones under."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One announcement to one person on one channel."""

    delivery_id: int
    matter: Matter
    subscriber_id: int
    link_version: int
    channel: Channel
    host: str
    topic: str
    """Why this person gets it."""
    language: Language
    email: str | None
    push_endpoint: str | None
    push_p256dh: str | None
    push_auth: str | None

    @property
    def announcement_id(self) -> int:
        """The announcement; with the person it is the identity of what is sent."""
        return self.matter.announcement_id
