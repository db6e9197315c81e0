"""Whether a pool (Freibad, Hallenbad) is open, as the commands of those who run it say. Pure rules.

Commands may arrive in any order; what counts is the instant that each of them names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Pool:
    """What is known of a pool. One of which nothing was heard is open."""

    state: Literal["open", "closed"] = "open"
    since: datetime | None = None
    """None: since before anything was heard."""
    reason: str | None = None
    until: datetime | None = None
    """When a closed pool is expected to open again, if that is known; it does not open by itself."""
    reported_by: str | None = None
    as_of: datetime | None = None
    """The instant of the last command that counted, also of one that changed nothing else."""
    heard_at: datetime | None = None
    """When that command reached the town: of two about the same instant the later one counts."""
    version: int = 0
    """Grows with each change that is to be told."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Somebody says that a pool has closed."""

    at: datetime
    reason: str
    until: datetime | None
    reported_by: str
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody says that a pool is open again."""

    at: datetime
    reported_by: str
    heard_at: datetime
    mistaken: bool = False
    """It should not have been reported closed at all."""


Order = Closure | Opening


def obey(pool: Pool, order: Order) -> Pool:
    """Close or open a pool."""
    if isinstance(order, Closure):
        return close(pool, order)
    return reopen(pool, at=order.at, reported_by=order.reported_by, heard_at=order.heard_at)


def tap_instant(pool: Pool, now: datetime) -> datetime:
    """Return the instant of a tap by somebody who has seen this state: later than whatever has led to it.

    The clock of another system may be some minutes ahead of ours; a tap must not count as older than its report.
    """
    if pool.as_of is None or pool.heard_at is None:
        return now
    return max(now, pool.as_of + timedelta(microseconds=1))


def close(pool: Pool, closure: Closure) -> Pool:
    """Close a pool, or correct why and how long; it stays closed since it was closed first."""
    if _is_stale(pool, closure.at, closure.heard_at):
        return pool
    if pool.state == "closed" and (pool.reason, pool.until) == (closure.reason, closure.until):
        return replace(pool, as_of=closure.at, heard_at=closure.heard_at)
    return Pool(
        state="closed",
        since=pool.since if pool.state == "closed" else closure.at,
        reason=closure.reason,
        until=closure.until,
        reported_by=closure.reported_by,
        as_of=closure.at,
        heard_at=closure.heard_at,
        version=pool.version + 1,
    )


def reopen(pool: Pool, *, at: datetime, reported_by: str, heard_at: datetime) -> Pool:
    """Open a closed pool; an open one stays as it is."""
    if _is_stale(pool, at, heard_at):
        return pool
    if pool.state == "open":
        return replace(pool, as_of=at, heard_at=heard_at)
    return Pool(state="open", since=at, reported_by=reported_by, as_of=at, heard_at=heard_at, version=pool.version + 1)


def _is_stale(pool: Pool, at: datetime, heard_at: datetime) -> bool:
    if pool.as_of is None or pool.heard_at is None:
        return False
    return (at, heard_at) <= (pool.as_of, pool.heard_at)
