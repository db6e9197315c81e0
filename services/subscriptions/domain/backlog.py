"""What waits to go out, in memory: identities only, by urgency and host. The ledger is the promise, this is a list."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from services.subscriptions.domain.lanes import Lanes


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A row of the ledger that is to go out, not before its time (seconds)."""

    ready_at: float
    delivery_id: int
    urgency: int
    host: str


class Backlog:
    """Gives out the most urgent rows for which there is room, turn about among hosts."""

    def __init__(self) -> None:
        """Begin empty."""
        self._now: dict[int, dict[str, deque[int]]] = {}
        self._later: list[Waiting] = []
        self._ready: Counter[int] = Counter()

    def add(self, waiting: Waiting, *, at: float) -> None:
        """Take a row in."""
        if waiting.ready_at > at:
            heapq.heappush(self._later, waiting)
            return
        hosts = self._now.setdefault(waiting.urgency, {})
        hosts.setdefault(waiting.host, deque()).append(waiting.delivery_id)
        self._ready[waiting.urgency] += 1

    def clear(self) -> None:
        """Forget everything, to be read again."""
        self._now.clear()
        self._later.clear()
        self._ready.clear()

    def take(self, most: int, lanes: Lanes, *, at: float) -> list[Waiting]:
        """Give out at most so many rows, and note them in their lanes."""
        while self._later and self._later[0].ready_at <= at:
            self.add(heapq.heappop(self._later), at=at)
        taken: list[Waiting] = []
        for urgency in sorted(self._now):
            for host in list(self._now[urgency]):
                if len(taken) == most:
                    return taken
                room = min(lanes.room(host, at=at), most - len(taken))
                taken += (Waiting(at, each, urgency, host) for each in self._from(urgency, host, room, lanes))
        return taken

    def _from(self, urgency: int, host: str, room: int, lanes: Lanes) -> Iterator[int]:
        if not room:
            return
        hosts = self._now[urgency]
        # To the end of the row: the next round begins with another host.
        waiting = hosts.pop(host)
        for _ in range(min(room, len(waiting))):
            lanes.took(host)
            self._ready[urgency] -= 1
            yield waiting.popleft()
        if waiting:
            hosts[host] = waiting

    def ready(self, urgency: int | None = None) -> int:
        """Return how many rows, of one urgency or of all, do not wait for their time."""
        return self._ready.total() if urgency is None else self._ready[urgency]
