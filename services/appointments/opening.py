"""Opening hours in memory: read once, worked out once for each resource and day, until they are changed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import date
from time import monotonic

from chassis.database import Database
from services.appointments.domain.booking import Audience
from services.appointments.domain.calendar import OfficeCalendar, OpenMasks, open_masks
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.offer import possible, together
from services.appointments.domain.visit import Visit
from services.appointments.storage.calendars import load_calendar, version_of

_MOST_REMEMBERED = 100_000


class Opening:
    """One version of the opening hours of one office."""

    def __init__(self, calendar: OfficeCalendar) -> None:
        """Work out nothing yet."""
        self.calendar = calendar
        self._masks: dict[tuple[str, date], OpenMasks] = {}

    def of(self, resource: str, day: date, audience: Audience) -> int:
        """Return when a resource is open on a day."""
        found = self._masks.get((resource, day))
        if found is None:
            if len(self._masks) >= _MOST_REMEMBERED:
                self._masks.clear()
            found = self._masks[resource, day] = open_masks(self.calendar, resource, day)
        return found.of(audience)

    def ways(self, visit: Visit, day: date, audience: Audience) -> list[int]:
        """Return for each way of a visit when all that it takes is open."""
        return [together(self.of(each, day, audience) for each in way) for way in visit.ways]

    def possible(self, visit: Visit, day: date, audience: Audience) -> int:
        """Return the beginnings, were nothing taken."""
        return possible(visit, self.ways(visit, day, audience))


class OpeningHours:
    """The opening hours of all offices. On PostgreSQL other replicas change them too: their version is looked at."""

    def __init__(self, database: Database, master: MasterData, *, replica_seconds: float) -> None:
        """Read nothing yet."""
        self._database = database
        self._master = master
        self._lasts = float("inf") if database.is_sqlite else replica_seconds
        self._known: dict[str, tuple[Opening, float]] = {}
        self._epochs: defaultdict[str, int] = defaultdict(int)
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of_office(self, office: str) -> Opening:
        """Return what holds now; those who wait share one reading."""
        oldest = monotonic() - self._lasts
        if (found := self._fresh(office, oldest)) is not None:
            return found
        async with self._reading[office]:
            while (found := self._fresh(office, oldest)) is None:
                await self._read(office)
        return found

    def forget(self, office: str) -> None:
        """Read them anew when they are asked for."""
        self._epochs[office] += 1
        self._known.pop(office, None)

    def _fresh(self, office: str, oldest: float) -> Opening | None:
        found = self._known.get(office)
        return None if found is None or found[1] < oldest else found[0]

    async def _read(self, office: str) -> None:
        at, epoch = monotonic(), self._epochs[office]
        before = self._known.get(office)
        async with self._database.reading() as session:
            if before is not None and await version_of(session, office) == before[0].calendar.version:
                now = before[0]
            else:
                now = Opening(await load_calendar(session, self._master, office))
        if epoch == self._epochs[office]:
            self._known[office] = now, at
