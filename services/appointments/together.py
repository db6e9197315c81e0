"""Holds that arrive at once share a transaction where there is one writer only: one commit, one wait for the disk.

Only those go together that take different things, so that none can spoil it for another; of two who want the same, the
second has lost as soon as the first is committed. If something does fail, each is done again alone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Hashable
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from services.appointments.domain.refusal import TakenError

MOST = 64
Work = Callable[[AsyncSession], Awaitable[None]]


@dataclass(slots=True, eq=False)
class _Errand:
    work: Work
    takes: frozenset[Hashable]
    is_done: bool = False
    error: Exception | None = None

    def end(self, error: Exception | None = None) -> None:
        self.is_done, self.error = True, error


@dataclass(slots=True)
class Together:
    """Whoever has the turn does the work of all who wait for it."""

    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: list[_Errand] = field(default_factory=list[_Errand])
    _wanted: Counter[Hashable] = field(default_factory=Counter[Hashable])

    @contextmanager
    def wanting(self, takes: frozenset[Hashable]) -> Generator[None]:
        """Let others see what somebody is about to take."""
        self._wanted.update(takes)
        try:
            yield
        finally:
            self._wanted.subtract(takes)
            for each in takes:
                if not self._wanted[each]:
                    del self._wanted[each]

    def is_wanted(self, takes: frozenset[Hashable]) -> bool:
        """Tell whether somebody is about to take something of it: whoever can, better takes something else."""
        return not takes.isdisjoint(self._wanted)

    async def run(self, database: Database, work: Work, takes: frozenset[Hashable]) -> None:
        """Do `work` in a transaction; TakenError when somebody in the same one was first with a thing of `takes`.

        `work` may be called twice; what it did the first time was rolled back.
        """
        errand = _Errand(work, takes)
        self._waiting.append(errand)
        try:
            async with self._turn:
                if not errand.is_done:
                    await self._round(database)
        finally:
            if errand in self._waiting:
                self._waiting.remove(errand)
        if errand.error is not None:
            raise errand.error

    async def _round(self, database: Database) -> None:
        chosen, late = self._choose()
        try:
            await _do(database, chosen)
        except Exception as error:  # noqa: BLE001 - each of them hears of its own
            await _one_by_one(database, chosen, error)
        else:
            for each in chosen:
                each.end()
            for each in late:
                each.end(TakenError())
        self._waiting = [each for each in self._waiting if not each.is_done]

    def _choose(self) -> tuple[list[_Errand], list[_Errand]]:
        """Return those who go together, and those who want something of it; the first always goes."""
        chosen: list[_Errand] = []
        late: list[_Errand] = []
        taken: set[Hashable] = set()
        for each in self._waiting[:MOST]:
            if taken.isdisjoint(each.takes):
                chosen.append(each)
                taken |= each.takes
            else:
                late.append(each)
        return chosen, late


async def _do(database: Database, errands: list[_Errand]) -> None:
    async with database.transaction() as session:
        for each in errands:
            await each.work(session)


async def _one_by_one(database: Database, errands: list[_Errand], error: Exception) -> None:
    if len(errands) == 1:
        errands[0].end(error)
        return
    for each in errands:
        try:
            await _do(database, [each])
        except Exception as own:  # noqa: BLE001 - told to whom it concerns
            each.end(own)
        else:
            each.end()
