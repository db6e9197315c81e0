"""Topics that people can subscribe to: one pool, one matter, one place, or one matter in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MATTERS: tuple[str, ...] = ("road_closed", "waste_collection_moved", "utility_outage", "facility", "other")
"""The categories of alerts (contracts.foreign.AlertCategory)."""
STAFF = "staff."
"""Topics of the town's own people; nobody can subscribe to them from outside."""
APPROVERS = "alerts"
"""In place of a pool: alerts that wait for a second person."""
_SHAPE = re.compile(
    r"(pool|staff)\.[a-z0-9]+(-[a-z0-9]+)*"
    rf"|matter\.({'|'.join(MATTERS)})(\.[a-z0-9]+(-[a-z0-9]+)*)?"
    r"|place\.[a-z0-9]+(-[a-z0-9]+)*"
)


def is_topic(text: str) -> bool:
    """Say whether a text has the form of a topic."""
    return _SHAPE.fullmatch(text) is not None


def of_pool(pool: str) -> str:
    """Return the topic of one pool."""
    return f"pool.{pool}"


def of_staff(pool: str) -> str:
    """Return the topic of those who run a pool."""
    return f"{STAFF}{pool}"


def of_alert(category: str, areas: Sequence[str], places: Iterable[str]) -> tuple[str, ...]:
    """Return the topics that an alert matches; one that names no area concerns all places."""
    concerned = areas or tuple(places)
    return (
        f"matter.{category}",
        *(f"matter.{category}.{area}" for area in concerned),
        *(f"place.{area}" for area in concerned),
    )
