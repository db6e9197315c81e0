"""What the service says about opening hours and imports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Answer(BaseModel):
    """What a service says; the rest of it does not matter here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Row(Answer):
    """A row of a file and what there is to say about it; it never names the person."""

    row: int
    why: str


class ImportReport(Answer):
    """What has become of each row of a file."""

    added: int
    unchanged: int
    refused: tuple[Row, ...]
    noted: tuple[Row, ...] = ()


class Resource(Answer):
    """A counter, clerk or room."""

    resource: str
    name: str


class Series(Answer):
    """Opening hours that come again."""

    resources: tuple[str, ...]
    audience: Literal["public", "internal"]
    weekdays: tuple[int, ...]
    every_weeks: int
    from_time: str
    to_time: str
    first_day: date
    last_day: date | None
    note: str


class Special(Answer):
    """A closure or a special opening."""

    resources: tuple[str, ...] | None
    kind: Literal["closed", "open"]
    audience: Literal["public", "internal"]
    first_day: date
    last_day: date
    from_time: str | None
    to_time: str | None
    reason: str


class Outside(Answer):
    """An appointment outside of opening hours."""

    number: str
    starts_at: datetime
    resources: tuple[str, ...]


class Calendar(Answer):
    """The opening hours of an office."""

    version: int
    resources: tuple[Resource, ...]
    series: tuple[Series, ...]
    exceptions: tuple[Special, ...]
    outside: tuple[Outside, ...]


class Office(Answer):
    """An office."""

    office: str


OFFICES = TypeAdapter(tuple[Office, ...])
