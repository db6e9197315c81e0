"""The day of an instant as the town counts days."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

_LOCAL_TIME = ZoneInfo("Europe/Berlin")


def local_day(at: datetime) -> str:
    """Return `30.11.2026`: what was done at half past midnight was done on that day, and not on the one before."""
    return f"{at.astimezone(_LOCAL_TIME):%d.%m.%Y}"
