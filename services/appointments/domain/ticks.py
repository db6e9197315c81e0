"""Time in ticks of five minutes: what is claimed, compared and stored. A tick is the same whatever the clocks do.

Local days (Europe/Berlin) have 276, 288 or 300 ticks: on the days of the clock changes an hour is missing or twice.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")
TICK_MINUTES = 5
TICK = timedelta(minutes=TICK_MINUTES)
_SECONDS = TICK_MINUTES * 60


def tick_of(at: datetime) -> int:
    """Return the tick in which an instant lies: the number of whole ticks since 1970."""
    return int(at.timestamp()) // _SECONDS


def instant_of(tick: int) -> datetime:
    """Return the instant at which a tick begins (UTC)."""
    return datetime.fromtimestamp(tick * _SECONDS, tz=UTC)


def ticks_in(minutes: int) -> int:
    """Return how many ticks cover a duration: the last one counts whole."""
    return -(-minutes // TICK_MINUTES)


def local_tick(day: date, at: time) -> int:
    """Return the tick of a local time; of the hour that comes twice in autumn the first, of the one that is missing in
    spring the same time on the old clock, an hour later on the new one.
    """
    return tick_of(datetime.combine(day, at, tzinfo=LOCAL).astimezone(UTC))


def day_ticks(day: date) -> range:
    """Return the ticks of a local day."""
    return range(local_tick(day, time()), local_tick(day + timedelta(days=1), time()))


def local_day(tick: int) -> date:
    """Return the local day of a tick."""
    return instant_of(tick).astimezone(LOCAL).date()
