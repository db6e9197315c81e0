"""What the counter (Terminschalter) reads and does: days, weeks, bookings, times that are free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.portal.gateways.appointments import Appointments
from services.portal.gateways.calls import Calls
from services.portal.gateways.visits import Availability, Chosen, Office, Service
from services.portal.gateways.visits import Day as FreeDay

_VALUE = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Resource(BaseModel):
    """A counter, a clerk, a room."""

    model_config = _VALUE

    resource: str
    name: str


class Open(BaseModel):
    """A stretch of time in which a resource serves people."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    resource: str
    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")
    audience: str = "public"


class Ticket(BaseModel):
    """The number in the queue of somebody who has checked in."""

    model_config = _VALUE

    number: str
    state: str


class Entry(BaseModel):
    """One booking as the counter sees it; in the week without names."""

    model_config = _VALUE

    booking_id: UUID
    office: str = ""
    number: str
    state: str
    resources: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    free_at: datetime | None = None
    """When its counter is free again: what follows a visit is taken too."""
    may_be_at: tuple[str, ...] = ()
    """Counters at which all of it can be done."""
    items: tuple[Chosen, ...]
    version: int
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    channel: str = ""
    ticket: Ticket | None = None


class Held(BaseModel):
    """A time that somebody keeps while they fill in the form, or that is offered to somebody on the waiting list."""

    model_config = _VALUE

    resources: tuple[str, ...]
    starts_at: datetime
    free_at: datetime
    expires_at: datetime | None = None


class Day(BaseModel):
    """One day of an office."""

    model_config = _VALUE

    office: str = ""
    day: date
    closed_name: str | None = None
    """The holiday or the reason for which nothing is open."""
    resources: tuple[Resource, ...] = ()
    open: tuple[Open, ...] = ()
    entries: tuple[Entry, ...] = ()
    held: tuple[Held, ...] = ()


class _Week(BaseModel):
    model_config = _VALUE

    days: tuple[Day, ...]


class Stood(BaseModel):
    """When and where a booking is or was."""

    model_config = _VALUE

    starts_at: datetime
    resources: tuple[str, ...] = ()


class Details(BaseModel):
    """What a change did."""

    model_config = _VALUE

    now: Stood | None = None
    before: Stood | None = None


class Change(BaseModel):
    """One step in the history of a booking."""

    model_config = _VALUE

    at: datetime
    by: str
    what: str
    details: Details = Details()


_ENTRIES = TypeAdapter(tuple[Entry, ...])
_CHANGES = TypeAdapter(tuple[Change, ...])


class Counter:
    """Bookings from behind the counter; each change names the device that asks for it."""

    def __init__(self, calls: Calls) -> None:
        """Ask appointments."""
        self._calls = calls
        self._public = Appointments(calls)

    async def places(self) -> tuple[Office, ...]:
        """Return all offices."""
        return await self._public.offices()

    async def matters(self) -> Mapping[str, Service]:
        """Return all services by code."""
        return {each.service: each for each in await self._public.services()}

    async def day(self, office: str, day: date) -> Day:
        """Return one day with names; Missing for an office that there is not."""
        return Day.model_validate(await self._calls.get(f"/days/{office}/{day.isoformat()}"))

    async def week(self, office: str, day: date) -> tuple[Day, ...]:
        """Return the week in which a day lies, without names."""
        return _Week.model_validate(await self._calls.get(f"/weeks/{office}/{day.isoformat()}")).days

    async def booking(self, booking: UUID) -> Entry:
        """Return one booking; Missing when there is none."""
        return Entry.model_validate(await self._calls.get(f"/staff/bookings/{booking}"))

    async def history(self, booking: UUID) -> tuple[Change, ...]:
        """Return what has happened to a booking."""
        return _CHANGES.validate_python(await self._calls.get(f"/staff/bookings/{booking}/history"))

    async def find(self, text: str) -> tuple[Entry, ...]:
        """Return bookings by their number or by a part of the name."""
        return _ENTRIES.validate_python(await self._calls.get("/staff/bookings", q=text))

    async def free(
        self, office: str, items: Sequence[Chosen], first: date, *, days: int = 1, besides: UUID | None = None
    ) -> tuple[FreeDay, ...]:
        """Return free beginnings, internal capacity included; what one booking itself takes counts as free."""
        asked = {"office": office, "items": ",".join(f"{each.service}:{each.count}" for each in items)}
        if besides is not None:
            asked["besides"] = str(besides)
        answer = await self._calls.get(
            "/availability", patience=None, audience="staff", days=days, **{"from": f"{first}"}, **asked
        )
        return Availability.model_validate(answer).days

    async def book(self, body: Mapping[str, object]) -> Entry:
        """Book for somebody; Refused (409) when the time is taken, (422) when it is not offered."""
        return Entry.model_validate(await self._calls.post("/staff/bookings", body))

    async def move(self, booking: UUID, body: Mapping[str, object]) -> None:
        """Move it; Refused (409) when the time is taken or the booking has changed."""
        await self._calls.post(f"/staff/bookings/{booking}/move", body)

    async def cancel(self, booking: UUID, *, seen_version: int, by: str) -> None:
        """Cancel it; Refused (409) when it has changed."""
        await self._calls.post(f"/staff/bookings/{booking}/cancellation", {"seen_version": seen_version, "by": by})

    async def restore(self, booking: UUID, *, seen_version: int, by: str) -> None:
        """Take a cancellation back; Refused (409) when the time is taken or the booking has changed."""
        await self._calls.post(f"/staff/bookings/{booking}/restoration", {"seen_version": seen_version, "by": by})

    async def settle(self, booking: UUID, state: str, *, by: str) -> None:
        """Say that somebody has come, is done, has not come, or take that back."""
        await self._calls.post(f"/staff/bookings/{booking}/state", {"state": state, "by": by})
