"""What may be done with an alert, and how urgent it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from services.subscriptions.domain.announcing import Urgency

URGENT_CATEGORIES = frozenset({"utility_outage", "facility"})
"""Who has no water, or stands before a locked door, wants to know now."""
END_GOOD_FOR = timedelta(hours=12)
"""An all-clear (Entwarnung) that comes later helps nobody."""
SUBJECT = "alert:"
"""Incidents that clerks and other systems have made; those of pools are changed with their pool."""
EXPIRED = "abgelaufen"
"""Why a message was rejected that nobody has released in time."""

Reason = Literal["unknown", "same_person", "rejected", "released", "held", "ended", "of_a_pool", "past"]


class Refused(Exception):  # noqa: N818 - says what happened
    """The alert does not allow that; nothing was changed."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason; the words are found where people read them."""
        super().__init__(reason)
        self.reason: Reason = reason


def urgency_of(category: str, wanted: Urgency | None = None) -> Urgency:
    """Return how urgent an alert is: as the clerk says, else by its category."""
    if wanted is not None:
        return wanted
    return Urgency.URGENT if category in URGENT_CATEGORIES else Urgency.NORMAL


def is_over(ended_at: datetime | None, facts: Mapping[str, object], *, now: datetime) -> bool:
    """Say whether a matter has ended: it was told so, or its time has passed."""
    if ended_at is not None:
        return True
    until = facts.get("valid_until")
    return isinstance(until, str) and datetime.fromisoformat(until) <= now
