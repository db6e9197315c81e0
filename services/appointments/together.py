"""Holds that arrive at once share a transaction: one commit, one wait for the disk.

Only those go together that take different things, so that none can spoil it for another; of two who want the same, the
second has lost as soon as the first is committed. If something does fail (another replica was faster, a limit), each is
done again alone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Hashable
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.errors import DependencyDown
from services.appointments.domain.refusal import TakenError
from services.appointments.storage import limits
from services.appointments.storage.conflicts import is_conflict, retried
from services.appointments.storage.drafts import Draft, write_all

MOST = 64
Work = Callable[[AsyncSession], Awaitable[None]]


@dataclass(slots=True, eq=False)
class _Errand:
    work: Work
    takes: frozenset[Hashable]
    draft: Draft | None
    counted: frozenset[str]
    lost: Callable[[], None]
    is_done: bool = False
    is_left: bool = False
    """Whoever wanted it has gone away while somebody else was doing it."""
    error: Exception | None = None

    @property
    def order(self) -> str:
        """The same on every replica: two that share things in the same order wait for each other in a row."""
        return min(map(repr, self.takes), default="")

    async def alone(self, session: AsyncSession) -> None:
        await limits.lock(session, self.counted)
        await self.work(session)

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
        return any(each in self._wanted for each in takes)

    async def run(
        self,
        database: Database,
        work: Work,
        takes: frozenset[Hashable],
        *,
        draft: Draft | None = None,
        counted: frozenset[str] = frozenset(),
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """Do `work` in a transaction; TakenError when somebody in the same one was first with a thing of `takes`.

        `draft` is the same as `work`, in a form in which many can be written at once. Either may be called twice; what
        it did the first time was rolled back. `counted` is locked before (`limits.lock`). `lost` is called when it was
        done for somebody who has gone away.
        """
        errand = _Errand(work, takes, draft, counted, lost)
        self._waiting.append(errand)
        try:
            async with self._turn:
                if not errand.is_done:
                    await self._round(database)
        except asyncio.CancelledError:
            errand.is_left = True
            raise
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
        finally:
            self._waiting = [each for each in self._waiting if not each.is_done]
            for each in chosen:
                if each.is_left:
                    each.lost()

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
        await limits.lock(session, [one for each in errands for one in each.counted])
        await write_all(session, [each.draft for each in errands if each.draft is not None])
        for each in sorted((each for each in errands if each.draft is None), key=lambda errand: errand.order):
            await each.work(session)


async def _one_by_one(database: Database, errands: list[_Errand], error: Exception) -> None:
    if len(errands) == 1 and not is_conflict(error):
        errands[0].end(error)
        return
    if isinstance(error, DependencyDown):
        _all_down(errands, error)
        return
    for place, each in enumerate(errands):
        try:
            await retried(database, each.alone)
        except DependencyDown as down:
            _all_down(errands[place:], down)
            return
        except Exception as own:  # noqa: BLE001 - told to whom it concerns
            each.end(own)
        else:
            each.end()


def _all_down(errands: list[_Errand], error: DependencyDown) -> None:
    """Nobody waits until it has been tried in vain for all who are before them."""
    for each in errands:
        each.end(DependencyDown(error.dependency))
