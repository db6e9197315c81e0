"""What planners (Terminplanung) read and change: opening hours as series and exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.portal.gateways.calls import Calls
from services.portal.gateways.counter import Resource

_VALUE = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Series(BaseModel):
    """Opening hours that come again (Serie)."""

    model_config = _VALUE

    series_id: UUID
    resources: tuple[str, ...]
    audience: str
    weekdays: tuple[int, ...]
    every_weeks: int = 1
    from_time: time
    to_time: time
    first_day: date
    last_day: date | None = None
    note: str = ""


class Special(BaseModel):
    """What differs from the series on some days (Ausnahme): a closure, or a special opening."""

    model_config = _VALUE

    exception_id: UUID
    resources: tuple[str, ...] | None = None
    kind: str
    audience: str = "public"
    first_day: date
    last_day: date
    from_time: time | None = None
    to_time: time | None = None
    even_on_holidays: bool = False
    reason: str = ""


class Entries(BaseModel):
    """All opening hours of an office."""

    model_config = _VALUE

    series: tuple[Series, ...] = ()
    exceptions: tuple[Special, ...] = ()

    def body(self) -> dict[str, list[dict[str, Any]]]:
        """Return them as appointments takes them."""
        plain = self.model_dump(mode="json", include={"series", "exceptions"})
        return {"series": list(plain["series"]), "exceptions": list(plain["exceptions"])}


class Outside(BaseModel):
    """A booking that stands outside of the opening hours, or would."""

    model_config = _VALUE

    booking_id: UUID
    number: str
    starts_at: datetime
    resources: tuple[str, ...] = ()
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Calendar(Entries):
    """The opening hours as they stand."""

    version: int
    resources: tuple[Resource, ...] = ()
    outside: tuple[Outside, ...] = ()


class Minutes(BaseModel):
    """How long a day is open, added up over all counters."""

    model_config = _VALUE

    public: int = 0
    internal: int = 0


class DayEffect(BaseModel):
    """A day before and after."""

    model_config = _VALUE

    day: date
    before: Minutes
    after: Minutes


class Effect(BaseModel):
    """What a change would do; nothing is saved yet."""

    model_config = _VALUE

    days: tuple[DayEffect, ...] = ()
    summary: str = ""
    collisions: tuple[Outside, ...] = ()


class Revision(BaseModel):
    """One change of the opening hours."""

    model_config = _VALUE

    version: int
    at: datetime
    by: str
    before: Entries
    after: Entries


_REVISIONS = TypeAdapter(tuple[Revision, ...])
Body = Mapping[str, object]
"""`Entries.body` with what somebody has typed in it: appointments says in words what is wrong with it."""


class Hours:
    """Opening hours; each change names the device that asks for it."""

    def __init__(self, calls: Calls) -> None:
        """Ask appointments."""
        self._calls = calls

    async def calendar(self, office: str) -> Calendar:
        """Return the hours of an office; Missing when there is none."""
        return Calendar.model_validate(await self._calls.get(f"/offices/{office}/calendar"))

    async def preview(self, office: str, body: Body) -> Effect:
        """Say what would change; Refused (422) for hours that cannot be."""
        return Effect.model_validate(await self._calls.post(f"/offices/{office}/calendar/preview", body))

    async def save(self, office: str, body: Body) -> None:
        """Replace them; Refused (409) when somebody else has changed them, or bookings would stand outside."""
        await self._calls.put(f"/offices/{office}/calendar", body)

    async def history(self, office: str) -> Sequence[Revision]:
        """Return the changes, the latest first."""
        return _REVISIONS.validate_python(await self._calls.get(f"/offices/{office}/calendar/history"))

    async def undo(self, office: str, body: Body) -> None:
        """Take a change back; Refused (409) as for saving."""
        await self._calls.post(f"/offices/{office}/calendar/undo", body)
