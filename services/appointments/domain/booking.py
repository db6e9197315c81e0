"""What is booked: wishes, allocations, and the states of a booking. Values and pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.appointments.domain.ticks import instant_of

Audience = Literal["public", "staff"]
"""Who books: citizens see public capacity in the booking window, staff see all that is open."""
State = Literal["held", "unconfirmed", "booked", "arrived", "done", "missed", "cancelled", "expired"]
"""held: while the form is filled. unconfirmed: waits for the link in the mail. expired: a hold that ran out."""
STANDING: tuple[State, ...] = ("booked", "arrived", "done", "missed")
"""The slot was or is theirs for good."""


@dataclass(frozen=True, slots=True)
class Item:
    """One service of a visit and how often."""

    service: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do, and where."""

    office: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """A visit on the calendar: these resources for all of its ticks."""

    office: str
    resources: tuple[str, ...]
    first_tick: int
    ticks: int
    """With the buffer after the visit."""
    visit_ticks: int
    """Without it: what people are told."""

    @property
    def claimed(self) -> range:
        """The ticks that nobody else may have."""
        return range(self.first_tick, self.first_tick + self.ticks)

    @property
    def size(self) -> int:
        """How many ticks of resources that is."""
        return self.ticks * len(self.resources)

    @property
    def starts_at(self) -> datetime:
        """When people come."""
        return instant_of(self.first_tick)

    @property
    def ends_at(self) -> datetime:
        """When they leave."""
        return instant_of(self.first_tick + self.visit_ticks)


@dataclass(frozen=True, slots=True)
class Person:
    """Who comes; only the name is needed, and one way to reach them when it is booked on the web."""

    name: str
    email: str | None = None
    phone: str | None = None
    language: Literal["de", "en", "plain"] = "de"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as it stands."""

    booking_id: UUID
    state: State
    allocation: Allocation
    items: tuple[Item, ...]
    person: Person | None
    """None while it is only held."""
    channel: Literal["web", "staff", "waiting_list", "walk_in", "import"]
    number: str
    """Short code (Vorgangsnummer) for the day list and the phone."""
    version: int
    """Grows with every change: ICS SEQUENCE, and the key of `seen_version`."""
    expires_at: datetime | None
    """Of a hold."""
    created_at: datetime
    """Of a hold that took the place of another one: when the first of them was made."""
    proven: bool = True
    """Whoever held it has done the proof of work, or needed none; else the mail must prove that they exist."""
