"""What subscriptions tells about pools and messages, as values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

_VALUE = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Now(BaseModel):
    """Whether one can swim at this moment, and until or from when."""

    model_config = _VALUE

    open: bool
    text_key: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None


class Season(BaseModel):
    """First and last day of this year's season."""

    model_config = _VALUE

    first: date = Field(alias="from")
    last: date = Field(alias="to")


class Hours(BaseModel):
    """Opening hours of one day; no times: closed that day."""

    model_config = _VALUE

    day: date
    opens: str | None = Field(default=None, alias="from")
    closes: str | None = Field(default=None, alias="to")
    holiday: str | None = None


class Price(BaseModel):
    """What an entry costs."""

    model_config = _VALUE

    de: str
    en: str
    eur: Decimal


class Water(BaseModel):
    """The last measured water temperature."""

    model_config = _VALUE

    celsius: Decimal
    measured_at: datetime


class Pool(BaseModel):
    """One pool, everything a citizen may know of it."""

    model_config = _VALUE

    pool: str
    name: str
    address: str | None = None
    state: Literal["open", "closed"] = "open"
    since: datetime | None = None
    reason: str | None = None
    until: datetime | None = None
    version: int = 0
    now: Now
    season: Season | None = None
    hours: tuple[Hours, ...] = ()
    prices: tuple[Price, ...] = ()
    water: Water | None = None
    incident: UUID | None = None


class Wording(BaseModel):
    """One message in one language."""

    model_config = _VALUE

    headline: str
    body: str


class Announcement(BaseModel):
    """One message about an incident."""

    model_config = _VALUE

    number: int
    kind: str
    texts: dict[str, Wording]
    made_at: datetime
    expires_at: datetime | None = None

    def in_language(self, language: str) -> Wording:
        """Return the words; German when there are none in this language."""
        return self.texts.get(language) or self.texts["de"]


class Incident(BaseModel):
    """Something that people were told of; announcements in their order."""

    model_config = _VALUE

    incident: UUID
    subject: str
    topics: tuple[str, ...] = ()
    facts: dict[str, Any] = Field(default_factory=dict)
    began_at: datetime
    ended_at: datetime | None = None
    announcements: tuple[Announcement, ...] = ()

    @property
    def newest(self) -> Announcement | None:
        """Return the last thing that was said."""
        return max(self.announcements, key=lambda each: each.number, default=None)


class TopicName(BaseModel):
    """A name in three languages."""

    model_config = _VALUE

    de: str
    en: str
    plain: str


class Topic(BaseModel):
    """Something to subscribe to."""

    model_config = _VALUE

    topic: str
    group: str
    name: TopicName
    place: str | None = None
    """The bare name of a place: `name` says `Alles in Bittkau`."""
