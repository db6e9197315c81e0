"""What the portal asks of appointments about the waiting hall: numbers, calls, the display."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.portal.gateways.calls import Calls
from services.portal.gateways.visits import Text

_VALUE = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class WalkInService(BaseModel):
    """What people can come for without an appointment, and whether now."""

    model_config = _VALUE

    service: str
    name: Text
    most: int
    open: bool
    minutes_to_wait: int | None = None


class WalkIn(BaseModel):
    """One office as somebody sees it who thinks of going there."""

    model_config = _VALUE

    office: str
    name: str
    waiting: int
    services: tuple[WalkInService, ...]

    @property
    def open(self) -> bool:
        """Say whether numbers are given out now."""
        return any(each.open for each in self.services)


class Ticket(BaseModel):
    """A number as its holder sees it."""

    model_config = _VALUE

    token: str
    number: str
    office: str
    office_name: str
    day: date
    state: str
    ahead: int
    minutes_to_wait: int | None
    counter: str | None
    calls: int
    due_at: datetime | None


class Called(BaseModel):
    """A number on the display."""

    model_config = _VALUE

    number: str
    counter: str
    called_at: datetime
    fresh: bool


class Display(BaseModel):
    """The call display of an office."""

    model_config = _VALUE

    office: str
    name: str
    called: tuple[Called, ...]
    waiting: int


class CallingCounter(BaseModel):
    """Where people are called to."""

    model_config = _VALUE

    resource: str
    name: str
    office: str
    office_name: str


class Entry(BaseModel):
    """Somebody in the queue as clerks see them."""

    model_config = _VALUE

    ticket_id: UUID
    number: str
    state: str
    services: tuple[str, ...]
    can: tuple[str, ...]
    name: str | None
    due_at: datetime | None
    joined_at: datetime
    called_at: datetime | None
    calls: int
    resource: str | None
    counter: str | None


class Queue(BaseModel):
    """All of an office."""

    model_config = _VALUE

    office: str
    name: str
    waiting: tuple[Entry, ...]
    called: tuple[Entry, ...]
    parked: tuple[Entry, ...]
    ended: tuple[Entry, ...]

    def at(self, resource: str) -> Entry | None:
        """Return whom a counter has called."""
        return next((each for each in self.called if each.resource == resource), None)

    def waiting_for(self, resource: str) -> list[Entry]:
        """Return who waits and can be helped there."""
        return [each for each in self.waiting if resource in each.can]


_WALK_INS = TypeAdapter(tuple[WalkIn, ...])
_COUNTERS = TypeAdapter(tuple[CallingCounter, ...])


class Tickets:
    """The queue of those who are there."""

    def __init__(self, calls: Calls) -> None:
        """Ask appointments."""
        self._calls = calls

    async def walk_ins(self) -> tuple[WalkIn, ...]:
        """Return all offices."""
        return _WALK_INS.validate_python(await self._calls.get("/walk-ins"))

    async def take(self, office: str, items: Mapping[str, int], *, ticket_id: UUID, by: str | None = None) -> Ticket:
        """Take a number; Refused says why there is none. `by` a clerk: whatever the hour."""
        wanted = [{"service": service, "count": count} for service, count in items.items()]
        body: dict[str, Any] = {"ticket_id": str(ticket_id), "office": office, "items": wanted, "by": by}
        return Ticket.model_validate(await self._calls.post("/tickets", body))

    async def arrive(
        self, *, number: str | None = None, booking: str | None = None, office: str | None, by: str | None = None
    ) -> Ticket:
        """Check in for an appointment; Missing when there is none, Refused when it is not here and now.

        `by` a clerk; None: by the person.
        """
        body = {"number": number, "booking": booking, "office": office, **({} if by is None else {"by": by})}
        return Ticket.model_validate(await self._calls.post("/arrivals", body))

    async def ticket(self, token: str) -> Ticket:
        """Return a number and its place; Missing when the link is not ours."""
        return Ticket.model_validate(await self._calls.get(f"/tickets/{token}"))

    async def display(self, office: str) -> Display:
        """Return what the display shows."""
        return Display.model_validate(await self._calls.get(f"/displays/{office}"))

    async def counters(self) -> Sequence[CallingCounter]:
        """Return all counters."""
        return _COUNTERS.validate_python(await self._calls.get("/counters"))

    async def queue(self, office: str) -> Queue:
        """Return who waits, is called, is parked."""
        return Queue.model_validate(await self._calls.get(f"/queues/{office}"))

    async def call_next(self, resource: str, *, by: str) -> bool:
        """Call the next person; False when nobody waits for this counter."""
        answer = await self._calls.post(f"/counters/{resource}/next", {"by": by})
        return answer["ticket"] is not None

    async def act(self, resource: str, ticket: UUID, action: str, *, by: str) -> None:
        """Say what became of somebody; Refused (409) when somebody else was faster."""
        await self._calls.post(f"/counters/{resource}/tickets/{ticket}", {"action": action, "by": by})
