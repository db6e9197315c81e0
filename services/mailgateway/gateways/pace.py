"""Keeps the distance that a provider demands between calls of one kind."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager


class Pace:
    """At most one call of a kind at a time, and `min_interval` seconds from its end to the next one's start.

    Measured from the end, for the provider counts arrivals, and a slow call may arrive late.
    """

    def __init__(self, min_interval: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.min_interval = min_interval
        self._monotonic = monotonic
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}
        self._throttled: defaultdict[str, int] = defaultdict(int)

    @asynccontextmanager
    async def turn(self, kind: str) -> AsyncGenerator[None]:
        """Wait for the turn and hold it during the call."""
        async with self._locks[kind]:
            await self.calm(kind)
            try:
                yield
            finally:
                free_at = self._monotonic() + self.min_interval
                self._free_at[kind] = max(free_at, self._free_at.get(kind, 0.0))

    @asynccontextmanager
    async def alone(self, kind: str) -> AsyncGenerator[None]:
        """Wait for the turn as `turn` does, but keep no distance afterwards."""
        async with self._locks[kind]:
            await self.calm(kind)
            yield

    async def calm(self, kind: str) -> None:
        """Wait until the provider may be asked again."""
        wait = self._free_at.get(kind, 0.0) - self._monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    def throttled(self, kind: str, retry_after: float | None) -> float:
        """Note a refusal for frequency; return the seconds to wait, doubling up to sixteen intervals."""
        self._throttled[kind] += 1
        grown = self.min_interval * 2 ** min(self._throttled[kind], 4)
        wait = max(retry_after or 0.0, grown)
        self._free_at[kind] = self._monotonic() + wait
        return wait

    def answered(self, kind: str) -> None:
        """Note a proper answer: the next refusal starts from the small wait again."""
        self._throttled.pop(kind, None)
