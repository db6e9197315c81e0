"""The one place that asks the machine for the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant, zoned UTC."""
    return datetime.now(tz=UTC)
