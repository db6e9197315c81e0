"""When something that could not be handed over is tried again."""

from __future__ import annotations

from datetime import timedelta

DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40))
"""By the number of attempts so far; the last one stays until it has expired or is given up."""
GIVE_UP_AFTER = timedelta(days=3)
"""Some alerts are valid for months; a mailbox that still puts a letter off then will not take it."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds for which a host that does not answer is left alone, by its failures in a row."""
AWAY_PAUSES = (1.0, 2.0, 4.0, 8.0, 10.0)
"""Seconds between two looks for the town's own relay while nobody is there."""


def delay(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts, at least one."""
    return DELAYS[min(attempts, len(DELAYS)) - 1]


def pause(failures: int, *, among: tuple[float, ...] = PAUSES) -> float:
    """Return for how many seconds to pause after so many failures in a row, at least one."""
    return among[min(failures, len(among)) - 1]
