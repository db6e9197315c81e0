"""How often handling a message has failed, and care with one that may kill its process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.clock import utc_now

SUSPECT_DELIVERY = 4
"""From this delivery on a message may be the one that ends the process each time, or one that was beside it.

Unless this process itself has given it back to be tried again.
"""
ALONE_DELIVERY = 12
"""From this one on it is handled alone, which takes long; as many are left to find the guilty one."""
SETTLE_SECONDS = 0.3
GIVEN_BACK_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often handling a message has failed, and since when."""

    failures: int
    first_at: datetime


class Failures(Protocol):
    """Where failures are counted."""

    async def add(self, durable: str, key: str, reason: str) -> FailureCount:
        """Count one more and return how many."""
        ...


class DeliveryCount:
    """For processes without a database: failures since the process began, per event."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: dict[tuple[str, str], FailureCount] = {}

    async def add(self, durable: str, key: str, reason: str) -> FailureCount:
        """Count one more and return how many."""
        del reason
        before = self._counts.get((durable, key), FailureCount(0, utc_now()))
        self._counts[durable, key] = FailureCount(before.failures + 1, before.first_at)
        return self._counts[durable, key]


class Quarantine:
    """Parts suspects from the others: first by chance in time, later one at a time with nothing else under way.

    A message that kills its process takes along what is handled beside it, batch after batch, until the server gives
    all of them up. In random order it dies alone sooner or later: in each life of the process the bystanders before it
    get done.
    """

    def __init__(self) -> None:
        """Nothing is under way."""
        self._change = asyncio.Condition()
        self._under_way = 0
        self._suspects = 0
        self._alone = False
        self._given_back: dict[str, int] = {}

    def given_back(self, place: str, *, delivery: int) -> None:
        """The process has survived this delivery of the message, which is to be tried again."""
        self._given_back.pop(place, None)
        self._given_back[place] = delivery
        if len(self._given_back) > GIVEN_BACK_REMEMBERED:
            del self._given_back[next(iter(self._given_back))]

    @asynccontextmanager
    async def admit(self, place: str, *, delivery: int) -> AsyncGenerator[None]:
        """Let a message in: among others, or by itself when it has come back too often and nobody knows why."""
        suspect = delivery >= SUSPECT_DELIVERY and self._given_back.get(place) != delivery - 1
        if suspect:
            await asyncio.sleep(random.uniform(0, SETTLE_SECONDS))  # noqa: S311 - no secret
        alone = suspect and delivery >= ALONE_DELIVERY
        async with self._by_itself() if alone else self._among_others():
            yield

    @asynccontextmanager
    async def _among_others(self) -> AsyncGenerator[None]:
        async with self._change:
            # Behind a suspect, which would otherwise wait for ever in a busy process.
            await self._change.wait_for(lambda: not self._alone and not self._suspects)
            self._under_way += 1
        try:
            yield
        finally:
            async with self._change:
                self._under_way -= 1
                self._change.notify_all()

    @asynccontextmanager
    async def _by_itself(self) -> AsyncGenerator[None]:
        async with self._change:
            self._suspects += 1
            try:
                await self._change.wait_for(lambda: not self._alone and not self._under_way)
                self._alone = True
            finally:
                self._suspects -= 1
                self._change.notify_all()
        try:
            yield
        finally:
            async with self._change:
                self._alone = False
                self._change.notify_all()
