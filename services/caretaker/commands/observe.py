"""Look at the bus and put it into gauges."""

from __future__ import annotations

import structlog

from chassis.clock import Clock
from contracts.topology import DURABLES
from services.caretaker.domain.history import lag_ratio
from services.caretaker.gateways import letters
from services.caretaker.gateways.bus import Bus
from services.caretaker.gateways.consumers import MAX_AGES, bytes_by_stream, states
from services.caretaker.metrics import LAG, OLDEST_LETTER, PENDING, STREAM_BYTES, WAITING_LETTERS

log = structlog.stdlib.get_logger()

_LAGGING = 0.5
"""Half the way to loss: time for somebody to look."""


class Observation:
    """Remembers who lags, so that the log tells it once."""

    def __init__(self, bus: Bus, now: Clock) -> None:
        """Look at nothing yet."""
        self._bus = bus
        self._now = now
        self._lagging: set[str] = set()

    async def look(self) -> None:
        """Look once."""
        async with self._bus.open() as context:
            counts = await letters.counts(context)
            for name in {each.name for each in DURABLES} | set(counts):
                oldest = await letters.oldest(context, name) if name in counts else None
                age = self._now() - oldest.held.stored_at if oldest is not None else None
                WAITING_LETTERS.labels(name).set(counts.get(name, 0))
                OLDEST_LETTER.labels(name).set(age.total_seconds() if age else 0)
            for state in await states(context):
                name = state.durable.name
                PENDING.labels(name).set(state.pending)
                self._lag(name, lag_ratio(state.oldest_unfinished_at, MAX_AGES[state.durable.stream], now=self._now()))
            for stream, size in (await bytes_by_stream(context)).items():
                STREAM_BYTES.labels(stream).set(size)

    def _lag(self, name: str, ratio: float) -> None:
        LAG.labels(name).set(ratio)
        if ratio <= _LAGGING:
            self._lagging.discard(name)
        elif name not in self._lagging:
            self._lagging.add(name)
            log.error("consumer.lagging", durable=name, ratio=round(ratio, 2))
