"""Who works at a staff device, how often its PIN may be guessed, and how long a session lasts. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
SESSION_FOR = timedelta(hours=12)
Role = Literal["attendant", "clerk", "approver", "counter", "planner"]
"""Attendant of a pool (Badeaufsicht), clerk (Sachbearbeitung), whoever releases large announcements (Freigabe), counter
(Terminschalter), and whoever plans its opening hours (Terminplanung)."""


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device as the operator describes it."""

    device_id: UUID
    name: str
    roles: tuple[Role, ...]
    pools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tries:
    """Guesses of a PIN since the last right one."""

    booked: int = 0
    locked_until: datetime | None = None

    def lock(self, now: datetime) -> datetime | None:
        """Return until when no PIN is looked at; None when the next guess is."""
        return self.locked_until if self.locked_until is not None and now < self.locked_until else None

    def one_more(self, now: datetime) -> Tries:
        """Book a guess before it is looked at: of many at the same time, none slips through.

        The last one locks at once; the right PIN opens again. After a lock the count begins anew.
        """
        booked = 1 if self.locked_until is not None else self.booked + 1
        return Tries(booked, now + LOCKED_FOR if booked >= MOST_TRIES else None)

    @property
    def left(self) -> int:
        """How many guesses there are before the lock."""
        return MOST_TRIES - self.booked


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun; its token is told once."""

    session: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class WrongPin:
    """It was another PIN."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class Locked:
    """No PIN is looked at until then, not even the right one."""

    until: datetime


SignIn = SignedIn | WrongPin | Locked


class NameTakenError(Exception):
    """Another device has that name."""
