"""The picture of what is taken: read once for each day, then drawn along with every commit of this process.

SQLite belongs to one process, so there it stays exact. On PostgreSQL other replicas book too, so a day that was read
more than `replica_seconds` ago is read again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from time import monotonic

from chassis.database import Database
from services.appointments.domain.booking import Allocation
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.picture import Cell, Fading, pieces, ticks_of_day
from services.appointments.storage.occupancy import Stretch, stretches

_Day = dict[str, Cell]
"""By resource."""
_Stroke = Callable[[], None]


class Occupancy:
    """What is taken in all offices."""

    def __init__(self, database: Database, master: MasterData, *, replica_seconds: float) -> None:
        """Read nothing yet."""
        self._database = database
        self._master = master
        self._lasts = float("inf") if database.is_sqlite else replica_seconds
        self._days: dict[tuple[str, date], _Day] = {}
        self._read_at: dict[tuple[str, date], float] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._epochs: defaultdict[str, int] = defaultdict(int)
        self._strokes: list[_Stroke] | None = None
        self._readers = 0

    async def know(self, office: str, days: Sequence[date]) -> None:
        """Read what is not known, or was too old when it was asked for; those who wait share one reading."""
        oldest = monotonic() - self._lasts
        if not self._missing(office, days, oldest):
            return
        async with self._reading[office]:
            while missing := self._missing(office, days, oldest):
                await self._read(office, missing[0], missing[-1])

    def of_day(self, office: str, day: date) -> Mapping[str, Cell]:
        """Return the cells of a day that is known; a resource without one is free."""
        return self._days.get((office, day), {})

    def took(self, allocation: Allocation, *, expires_at: datetime | None) -> None:
        """Draw a hold, or without `expires_at` a booking; what was drawn there before is gone."""

        def draw(cell: Cell, mask: int) -> None:
            if expires_at is None:
                cell.take(mask)
            else:
                cell.fade(Fading(mask, expires_at, is_quarantine=False))

        self._stroke(allocation, draw)

    def freed(self, allocation: Allocation, *, quarantined_until: datetime | None = None) -> None:
        """Draw it free, or free for staff only until an instant."""

        def draw(cell: Cell, mask: int) -> None:
            if quarantined_until is None:
                cell.clear(mask)
            else:
                cell.fade(Fading(mask, quarantined_until, is_quarantine=True))

        self._stroke(allocation, draw)

    def forget(self, office: str) -> None:
        """Read all days of an office anew when they are asked for."""
        self._epochs[office] += 1
        for key in [each for each in self._days if each[0] == office]:
            del self._days[key], self._read_at[key]

    def _missing(self, office: str, days: Sequence[date], oldest: float) -> list[date]:
        read_at = [self._read_at.get((office, day)) for day in days]
        return [day for day, at in zip(days, read_at, strict=True) if at is None or at < oldest]

    async def _read(self, office: str, first: date, last: date) -> None:
        epoch = self._epochs[office]
        at = monotonic()
        self._readers += 1
        strokes = self._strokes = self._strokes if self._strokes is not None else []
        missed = len(strokes)
        try:
            found = await self._stretches(office, first, last)
        finally:
            self._readers -= 1
            if not self._readers:
                self._strokes = None
        if epoch != self._epochs[office]:
            return
        self._draw(office, (first, last), found)
        for key in self._keys(office, first, last):
            self._read_at[key] = at
        for stroke in strokes[missed:]:
            stroke()

    async def _stretches(self, office: str, first: date, last: date) -> list[Stretch]:
        resources = [each.code for each in self._master.of_office(office)]
        async with self._database.reading() as session:
            return await stretches(session, resources, ticks_of_day(first).start, ticks_of_day(last).stop)

    def _draw(self, office: str, days: tuple[date, date], found: Sequence[Stretch]) -> None:
        for key in self._keys(office, *days):
            self._days[key] = {}
        for each in found:
            for day, mask in pieces(each.first_tick, each.end_tick):
                cell = self._days[office, day].setdefault(each.resource, Cell())
                if each.expires_at is None:
                    cell.taken |= mask
                else:
                    cell.fading.append(Fading(mask, each.expires_at, each.is_quarantine))

    @staticmethod
    def _keys(office: str, first: date, last: date) -> list[tuple[str, date]]:
        return [(office, date.fromordinal(each)) for each in range(first.toordinal(), last.toordinal() + 1)]

    def _stroke(self, allocation: Allocation, draw: Callable[[Cell, int], None]) -> None:
        """Draw now, and once more over a picture that is being read: it may show the time before this commit."""

        def stroke() -> None:
            for day, mask in pieces(allocation.claimed.start, allocation.claimed.stop):
                cells = self._days.get((allocation.office, day))
                if cells is None:
                    continue
                for resource in allocation.resources:
                    draw(cells.setdefault(resource, Cell()), mask)

        stroke()
        if self._strokes is not None:
            self._strokes.append(stroke)
