"""The picture of what is taken: read once for each day, then drawn along with every commit of this process.

SQLite belongs to one process, so there it stays exact. On PostgreSQL other replicas book too: when a day is asked for
that was looked at more than `replica_seconds` ago, all that transactions have written since is drawn in.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from services.appointments.domain.booking import Allocation
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.picture import Cell, Fading, pieces, ticks_of_day
from services.appointments.storage.occupancy import Stretch, changes, stretches
from services.appointments.storage.transactions import horizon

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
        self._horizons: dict[str, tuple[int, int]] = {}
        """By office: what any transaction before it wrote was seen by the last look but one, and by the last."""
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
                unknown = [day for day in missing if (office, day) not in self._days]
                if unknown:
                    await self._read(office, unknown[0], unknown[-1])
                else:
                    await self._catch_up(office)

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
        self._horizons.pop(office, None)
        for key in [each for each in self._days if each[0] == office]:
            del self._days[key], self._read_at[key]

    def _missing(self, office: str, days: Sequence[date], oldest: float) -> list[date]:
        read_at = [self._read_at.get((office, day)) for day in days]
        return [day for day, at in zip(days, read_at, strict=True) if at is None or at < oldest]

    async def _read(self, office: str, first: date, last: date) -> None:
        """Read days as a whole."""
        keys = [(office, date.fromordinal(each)) for each in range(first.toordinal(), last.toordinal() + 1)]

        async def look(session: AsyncSession, at: float) -> _Stroke:
            seen = 0 if self._database.is_sqlite else await horizon(session)
            base, end = ticks_of_day(first).start, ticks_of_day(last).stop
            found = await stretches(session, self._resources(office), base, end)

            def draw() -> None:
                # Other days may show what is older: what is new to them is looked for from there on.
                self._horizons.setdefault(office, (seen, seen))
                self._days |= {key: {} for key in keys}
                self._read_at |= dict.fromkeys(keys, at)
                self._draw(office, found)

            return draw

        await self._look(office, look)

    async def _catch_up(self, office: str) -> None:
        """Draw in what was written since the last look but one: a stroke of ours may have come late over the last."""
        since, last = self._horizons[office]

        async def look(session: AsyncSession, at: float) -> _Stroke:
            seen = await horizon(session)
            found = await changes(session, self._resources(office), since)

            def draw() -> None:
                if seen < last:
                    # Another cluster, restored or behind: its transactions are numbered anew.
                    self.forget(office)
                    return
                self._horizons[office] = last, seen
                self._read_at |= {key: at for key in self._days if key[0] == office}
                self._draw(office, found)

            return draw

        await self._look(office, look)

    async def _look(self, office: str, look: Callable[[AsyncSession, float], Awaitable[_Stroke]]) -> None:
        """Read and draw; what was drawn meanwhile comes above it. Nothing is drawn when the office was forgotten."""
        at, epoch = monotonic(), self._epochs[office]
        self._readers += 1
        strokes = self._strokes = self._strokes if self._strokes is not None else []
        missed = len(strokes)
        try:
            async with self._database.reading() as session:
                draw = await look(session, at)
        finally:
            self._readers -= 1
            if not self._readers:
                self._strokes = None
        if epoch != self._epochs[office]:
            return
        for stroke in (draw, *strokes[missed:]):
            stroke()

    def _resources(self, office: str) -> list[str]:
        return [each.code for each in self._master.of_office(office)]

    def _draw(self, office: str, found: Sequence[Stretch]) -> None:
        """Draw over what is there; several ticks that are claimed in the same way at once."""
        masks: defaultdict[tuple[date, str, datetime | None, bool], int] = defaultdict(int)
        for each in found:
            for day, mask in pieces(each.first_tick, each.end_tick):
                masks[day, each.resource, each.expires_at, each.is_quarantine] |= mask
        for (day, resource, expires_at, is_quarantine), mask in masks.items():
            cells = self._days.get((office, day))
            if cells is None:
                continue
            cell = cells.setdefault(resource, Cell())
            if expires_at is None:
                cell.take(mask)
            else:
                cell.fade(Fading(mask, expires_at, is_quarantine))

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
