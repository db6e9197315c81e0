"""How much a system may send: a rate that tolerates bursts, and a number a day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MAX_EVENT_BYTES = 64 * 1024
MAX_BATCH_BYTES = 1024 * 1024
MAX_BATCH_EVENTS = 100
BYTES_PER_TOKEN = 16 * 1024
HERE = ZoneInfo("Europe/Berlin")


@dataclass(slots=True)
class Bucket:
    """A token bucket of one second's worth.

    A batch or a large body may leave it in debt, which the next request waits for.
    """

    tokens: float
    filled_at: float

    def wait(self, rate: float, *, now: float) -> int:
        """Fill up for the time that has passed; return the seconds until a request is admitted, 0 for now."""
        most = max(1.0, rate)
        self.tokens = min(most, self.tokens + max(0.0, now - self.filled_at) * rate)
        self.filled_at = now
        return 0 if self.tokens >= 1 else math.ceil((1 - self.tokens) / rate)

    def take(self, tokens: int) -> None:
        """Count so many events, or so much text."""
        self.tokens -= tokens


def full_bucket(rate: float, *, now: float) -> Bucket:
    """Return the bucket of a system that has sent nothing yet."""
    return Bucket(max(1.0, rate), now)


def weight(size: int) -> int:
    """Return what a body costs beside its request: a token for each started 16 KiB beyond the first."""
    return max(0, math.ceil(size / BYTES_PER_TOKEN) - 1)


def day_of(moment: datetime) -> date:
    """Return the day that a quota counts, in local time."""
    return moment.astimezone(HERE).date()


def seconds_to_midnight(moment: datetime) -> int:
    """Return how long it is until the next quota begins; whole seconds, at least one."""
    midnight = datetime.combine(day_of(moment) + timedelta(days=1), time(), tzinfo=HERE)
    return max(1, math.ceil(midnight.timestamp() - moment.timestamp()))
