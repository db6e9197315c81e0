"""Why somebody was not told of an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Reason = Literal[
    "not_subscribed",
    "subscribed_later",
    "unreachable",
    "expired",
    "held",
    "unsubscribed",
    "queued",
    "superseded",
    "forgotten",
]
_OF_STATE: dict[str, Reason] = {
    "queued": "queued",
    "sending": "queued",
    "failed": "unreachable",
    "unreachable": "unreachable",
    "expired": "expired",
    "superseded": "superseded",
    "unsubscribed": "unsubscribed",
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """One row of the ledger."""

    state: str
    handed_over: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person and one incident."""

    deliveries: tuple[Delivered, ...]
    """In their order."""
    released_at: datetime | None
    """When its first announcement went out; None: none has."""
    last_state: str | None
    """State of the last announcement that went out."""
    subscribed_at: datetime | None
    """Since when the person has one of the topics; None: has none."""
    withdrew: bool
    """The person had one of the topics and gave it up."""
    forgotten: bool = False
    """The ledger of this incident has been deleted: nobody knows any longer who was told."""


def reason_not_told(facts: Facts) -> Reason | None:
    """Return why a person was not told, None when they were."""
    if any(each.handed_over or each.state == "sent" for each in facts.deliveries):
        return None
    if facts.deliveries:
        return _OF_STATE[facts.deliveries[-1].state]
    if facts.released_at is None:
        return "held"
    return _without_delivery(facts, facts.released_at)


def _without_delivery(facts: Facts, released_at: datetime) -> Reason:
    if facts.forgotten:
        return "forgotten"
    if facts.subscribed_at is None:
        return "unsubscribed" if facts.withdrew else "not_subscribed"
    if facts.subscribed_at >= released_at:
        return "subscribed_later"
    # The ledger is being written, or it was stopped before it came to this person.
    return "superseded" if facts.last_state == "superseded" else "queued"
