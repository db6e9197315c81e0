"""What appointments tells, as values."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

_VALUE = ConfigDict(frozen=True, extra="ignore")


class Text(BaseModel):
    """One text in three languages."""

    model_config = _VALUE

    de: str
    en: str
    plain: str

    def said(self, language: str) -> str:
        """Return it in a language."""
        return {"de": self.de, "en": self.en, "plain": self.plain}[language]


class ReleaseTimes(BaseModel):
    """When an office releases new days, and how long before the waiting room opens."""

    model_config = _VALUE

    at: str
    gather_minutes: int
    queue_minutes: int


class Office(BaseModel):
    """A place where people come to (Dienststelle)."""

    model_config = _VALUE

    office: str
    name: str
    address: str
    phone: str
    days_ahead: int
    services: tuple[str, ...] = ()
    release: ReleaseTimes | None = None


class Service(BaseModel):
    """What people come for (Anliegen)."""

    model_config = _VALUE

    service: str
    name: Text
    hint: Text
    bring: tuple[Text, ...] = ()
    fee: Text | None = None
    minutes: int
    most: int = 1
    offices: tuple[str, ...] = ()


class Chosen(BaseModel):
    """One service of a visit and how often."""

    model_config = _VALUE

    service: str
    count: int = 1


class Earliest(BaseModel):
    """The first free time of an office."""

    model_config = _VALUE

    office: str
    starts_at: datetime | None = None


class Day(BaseModel):
    """The free times of a day; a closed one says why."""

    model_config = _VALUE

    day: date
    starts: tuple[datetime, ...] = ()
    closed: str | None = None
    closed_name: str | None = None


class Availability(BaseModel):
    """The free times of some days."""

    model_config = _VALUE

    office: str
    minutes: int
    days: tuple[Day, ...] = ()


class Visit(BaseModel):
    """A booking as its owner sees it."""

    model_config = _VALUE

    token: str
    state: str
    office: str
    items: tuple[Chosen, ...]
    resources: tuple[str, ...] = ()
    starts_at: datetime
    ends_at: datetime
    number: str
    version: int
    expires_at: datetime | None = None
    language: str = "de"
    name: str | None = None
    email_masked: str | None = None
    has_phone: bool = False
    proven: bool = True
    may_move: bool = False
    may_cancel: bool = False
    calendar_token: str | None = None


class Offer(BaseModel):
    """A time that became free and waits for one person."""

    model_config = _VALUE

    booking: str | None = Field(alias="token")
    """Told only to who has it from the mail, and may accept by it."""
    state: str
    office: str
    starts_at: datetime
    expires_at: datetime | None = None


class Waiting(BaseModel):
    """An entry of the waiting list."""

    model_config = _VALUE

    token: str
    state: str
    place: int | None = None
    offices: tuple[str, ...]
    items: tuple[Chosen, ...]
    first_day: date
    last_day: date
    from_time: str | None = None
    to_time: str | None = None
    email_masked: str | None = None
    joined_at: datetime | None = None
    confirm_until: datetime | None = None
    """So long the link in the mail makes it count."""
    instead_of: datetime | None = None
    """The appointment that they would give up."""
    offer: Offer | None = None


class Release(BaseModel):
    """The coming release of an office, or the one that is under way; no times where there is none."""

    model_config = _VALUE

    office: str
    phase: str
    day: date | None = None
    opens_at: datetime | None = None
    releases_at: datetime | None = None


class ReleaseTicket(BaseModel):
    """A place in the waiting room."""

    model_config = _VALUE

    office: str
    phase: str
    day: date | None = None
    releases_at: datetime | None = None
    ahead: int | None = None
    """None before the release: until then nothing is drawn."""
    admitted: bool
    admitted_until: datetime | None = None
    seconds_to_wait: int | None = None

    @property
    def minutes_to_wait(self) -> int | None:
        """Return whole minutes, the last one begun counts."""
        seconds = self.seconds_to_wait
        return None if seconds is None else -(-seconds // timedelta(minutes=1).seconds)


class Span(BaseModel):
    """From an instant to another."""

    model_config = _VALUE

    first: datetime = Field(alias="from")
    last: datetime = Field(alias="to")


class BusyResource(BaseModel):
    """When a counter, a clerk or a room is taken; by whom stays unsaid."""

    model_config = _VALUE

    resource: str
    name: str
    busy: tuple[Span, ...] = ()


class FreeBusy(BaseModel):
    """When the resources of an office are taken."""

    model_config = _VALUE

    office: str
    resources: tuple[BusyResource, ...] = ()
