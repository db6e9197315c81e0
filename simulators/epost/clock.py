"""The provider's own time: real time multiplied, durable across restarts."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.epost.store import Store

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400.0
_OPENS, _CLOSES, _SATURDAY = 8, 18, 5


class SimulatedClock:
    """Seconds since the epoch as the provider counts them; they go on while the process is down."""

    def __init__(self, store: Store, *, speed: float, real_time: Callable[[], float] = time.time) -> None:
        self._store = store
        self._real_time = real_time
        self._lock = threading.Lock()
        saved = store.setting("clock")
        self._real = real_time()
        if saved is None:
            self._base = self._real
        else:
            then = json.loads(saved)
            self._base = then["base"] + (self._real - then["real"]) * then["speed"]
        self._speed = speed
        self._save()

    @property
    def speed(self) -> float:
        """Simulated seconds per real second."""
        return self._speed

    def now(self) -> float:
        """Return the simulated moment."""
        with self._lock:
            return self._now()

    def real(self) -> float:
        """Return the moment by the machine's own clock."""
        return self._real_time()

    def advance(self, seconds: float) -> float:
        """Jump forward, durably; the new moment."""
        with self._lock:
            self._base += seconds
            self._save()
            return self._now()

    def _now(self) -> float:
        return self._base + (self._real_time() - self._real) * self._speed

    def _save(self) -> None:
        state = {"base": self._base, "real": self._real, "speed": self._speed}
        self._store.set_setting("clock", json.dumps(state))


def in_berlin(moment: float) -> datetime:
    """Legal time of a simulated moment."""
    return datetime.fromtimestamp(moment, tz=UTC).astimezone(BERLIN)


def iso(moment: float | None) -> str | None:
    """Date-time as the answers carry it."""
    return None if moment is None else in_berlin(moment).isoformat(timespec="milliseconds")


def day_start(moment: float) -> float:
    """Midnight in Germany before a moment."""
    return in_berlin(moment).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def next_posting(moment: float) -> float:
    """Move a moment into the print centre's hours, Monday to Friday 8 to 18 (public holidays are not known)."""
    local = in_berlin(moment)
    if local.hour >= _CLOSES:
        local = (local + timedelta(days=1)).replace(hour=_OPENS, minute=0, second=0, microsecond=0)
    elif local.hour < _OPENS:
        local = local.replace(hour=_OPENS, minute=0, second=0, microsecond=0)
    while local.weekday() >= _SATURDAY:
        local = (local + timedelta(days=1)).replace(hour=_OPENS, minute=0, second=0, microsecond=0)
    return local.timestamp()
