"""What is announced when the state of a pool has changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.subscriptions.domain import pool_words
from services.subscriptions.domain.announcing import Announcement, Urgency
from services.subscriptions.domain.hours import closing_time, now_at
from services.subscriptions.domain.master_data import Calendar, PoolData
from services.subscriptions.domain.pool import Pool

CLOSURE_COUNTS = timedelta(hours=6)
"""So long after it nobody is to be woken by a closure of which no end is known."""
OPENING_COUNTS = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Change:
    """A pool before and after, and what is known of it otherwise."""

    data: PoolData
    calendar: Calendar
    before: Pool
    after: Pool
    told_at: datetime
    mistaken: bool = False
    """It had been reported closed by mistake."""


def closure(change: Change, *, update: bool) -> Announcement:
    """Tell that a pool is closed, or that reason or end of that have changed."""
    after, since = change.after, change.after.since or change.told_at
    words = pool_words.Closed(change.data.name, after.reason or "other", since, after.until, change.told_at)
    return Announcement(
        kind="update" if update else "alert",
        urgency=Urgency.URGENT,
        texts=pool_words.closed(words, changed=update),
        made_by=after.reported_by or "",
        expires_at=_closure_counts_until(change, change.told_at if update else since),
    )


def opening(change: Change) -> Announcement:
    """Tell that a pool is open again, or that it should never have been reported closed."""
    opened_at = change.after.since or change.told_at
    hours = now_at(change.data, change.calendar, opened_at, closed=False)
    if change.mistaken:
        since = change.before.since or opened_at
        texts = pool_words.mistaken(change.data.name, since=since, hours=hours, told_at=change.told_at)
    else:
        texts = pool_words.reopened(change.data.name, opened_at=opened_at, hours=hours, told_at=change.told_at)
    closes_at = closing_time(change.data, change.calendar, opened_at)
    return Announcement(
        kind="correction" if change.mistaken else "all_clear",
        urgency=Urgency.URGENT,
        texts=texts,
        made_by=change.after.reported_by or "",
        expires_at=closes_at or opened_at + OPENING_COUNTS,
    )


def facts(change: Change) -> Mapping[str, object]:
    """Return what feeds and pages show of the incident."""
    over = change.after.state == "open"
    closed = change.before if over else change.after
    return {
        "pool": change.data.pool,
        "name": change.data.name,
        "reason": closed.reason,
        "closed_at": _instant(closed.since),
        "until": _instant(closed.until),
        "reopened_at": _instant(change.after.since) if over else None,
        "mistaken": change.mistaken,
    }


def _closure_counts_until(change: Change, at: datetime) -> datetime:
    if change.after.until is not None:
        return change.after.until
    closes_at = closing_time(change.data, change.calendar, at)
    longest = at + CLOSURE_COUNTS
    return min(closes_at, longest) if closes_at else longest


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
