"""The calendar as one asks it: what is offered, what is free. A picture only: the claims in the database decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from chassis.database import Database
from services.appointments.domain.booking import Allocation, Audience, Wish
from services.appointments.domain.master_data import MasterData


@dataclass(frozen=True, slots=True)
class DayFree:
    """One local day of an office for one wish."""

    day: date
    starts: tuple[datetime, ...]
    """Free beginnings, in order."""
    closed: Literal["holiday", "closure", "no_hours", "not_yet", "over"] | None
    """Why there is nothing, when nobody could book anything that day."""
    closed_name: str | None
    """Name of the holiday, reason of the closure."""


class Planner:
    """Opening hours and occupancy of all offices."""

    def __init__(self, database: Database, master: MasterData, *, replica_seconds: float) -> None:
        """Load nothing yet."""
        self._database = database
        self._master = master
        self._replica_seconds = replica_seconds

    async def candidates(
        self,
        wish: Wish,
        starts_at: datetime,
        *,
        audience: Audience,
        now: datetime,
        resource: str | None = None,
    ) -> Sequence[Allocation]:
        """Return the ways in which a visit could begin at an instant, those that look free first.

        NotOfferedError when the calendar does not offer it at all. `resource` asks for one counter. A way that looks
        taken is in the list too, behind the others: the picture may be old.
        """
        raise NotImplementedError

    async def days(
        self,
        wish: Wish,
        first: date,
        count: int,
        *,
        audience: Audience,
        now: datetime,
        besides: Allocation | None = None,
    ) -> list[DayFree]:
        """Return free beginnings by day. `besides`: as if this allocation were free (to move it)."""
        raise NotImplementedError

    def took(self, allocation: Allocation, *, expires_at: datetime | None) -> None:
        """Draw into the picture what a commit has taken."""

    def freed(self, allocation: Allocation) -> None:
        """Take out of the picture what a commit has freed."""

    def forget(self, office: str) -> None:
        """Read the calendar of an office anew: its opening hours have changed, or nobody knows what was committed."""
