"""What subscriptions tells about pools and messages, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    def later(self, years: int) -> Season:
        """Return the same days some years on."""
        first, last = _later(self.first, years, otherwise=(3, 1)), _later(self.last, years, otherwise=(2, 28))
        return self.model_copy(update={"first": first, "last": last})


def _later(day: date, years: int, *, otherwise: tuple[int, int]) -> date:
    """Return the same day some years on; for 29 February where there is none, the other one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, *otherwise)


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

    def season_at(self, today: date) -> Season | None:
        """Return the season that matters: the coming one when this year's is past."""
        season = self.season
        if season is None or today <= season.last:
            return season
        opens_in = self.now.opens_at.year if self.now.opens_at is not None else 0
        return season.later(max(1, opens_in - season.first.year))


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

    @property
    def event(self) -> str:
        """Return what kind of thing it is: the category of an alert, or that a pool is closed."""
        return "pool_closed" if self.subject.startswith("pool:") else str(self.facts.get("category") or "other")

    @property
    def valid_from(self) -> datetime | None:
        """Return when an alert begins to hold; None for what holds since it was told."""
        return self._instant("valid_from")

    @property
    def valid_until(self) -> datetime | None:
        """Return how long an alert holds."""
        return self._instant("valid_until")

    def begins_later(self, now: datetime) -> bool:
        """Say whether it does not hold yet."""
        return self.valid_from is not None and now < self.valid_from

    def where(self, places: Mapping[str, str]) -> tuple[str, ...]:
        """Return the pool or the places (Ortschaften) by name; empty for the whole municipality."""
        if self.facts.get("name"):
            return (str(self.facts["name"]),)
        areas: list[str] = self.facts.get("areas") or []
        return tuple(places.get(each, each) for each in areas)

    def _instant(self, key: str) -> datetime | None:
        value = self.facts.get(key)
        return datetime.fromisoformat(value) if isinstance(value, str) else None


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


def places_of(topics: Sequence[Topic]) -> dict[str, str]:
    """Return the places (Ortschaften) with their names, by code."""
    return {each.topic.removeprefix("place."): each.place for each in topics if each.place}
