"""Tells those who wait that a pool or a public message has changed (long poll).

The number comes from the database, so that it is the same on all replicas; a change made here wakes at once, one made
by another replica is seen within a second.
"""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.tasks import going_on
from services.subscriptions.storage.tables import AnnouncementRow, IncidentRow, PoolRow

LOOK_SECONDS = 1.0


class Changes:
    """The number of the last change, and those who wait for the next one."""

    def __init__(self, database: Database) -> None:
        """Read nothing yet."""
        self._database = database
        self._look = asyncio.Event()
        self._moved = asyncio.Event()
        """Replaced each time it is set: whoever waits holds the one of its time."""
        self._seen = 0
        self._ended = False

    def wake(self) -> None:
        """Look at once; to be called after the commit of a change."""
        self._look.set()

    async def watch(self) -> None:
        """Look again and again, once for all who wait; at its end nobody waits any longer."""
        try:
            while going_on():
                self._look.clear()
                number = await self.number()
                if number != self._seen:
                    self._seen = number
                    self._tell()
                await _happens(self._look, LOOK_SECONDS)
        except asyncio.CancelledError:
            self._ended = True
            self._tell()
            raise

    async def number(self) -> int:
        """Return a number that grows with each change of a pool, each announcement, its release and each end."""
        async with self._database.reading() as session:
            return await _number(session)

    async def after(self, seen: int, *, wait: float) -> int:
        """Return the number as soon as it differs from the one seen, or after so many seconds as it is."""
        moved = self._moved
        number = await self.number()
        deadline = asyncio.get_running_loop().time() + wait
        while number == seen and not self._ended:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await _happens(moved, left) or self._ended:
                break
            moved = self._moved
            number = await self.number()
        return number

    def _tell(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def _number(session: AsyncSession) -> int:
    versions = select(func.coalesce(func.sum(PoolRow.version), 0)).scalar_subquery()
    made = select(func.coalesce(func.max(AnnouncementRow.announcement_id), 0)).scalar_subquery()
    released = select(func.count(AnnouncementRow.released_at)).scalar_subquery()
    ended = select(func.count(IncidentRow.ended_at)).scalar_subquery()
    return int((await session.execute(select(versions + made + released + ended))).scalar_one())
