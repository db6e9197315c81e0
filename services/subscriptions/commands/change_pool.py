"""Close and reopen pools, and tell of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from chassis import inbox, outbox
from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import NeverAgain
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.subscriptions import ClosePool, PoolClosed, PoolReopened, ReopenPool
from services.subscriptions.domain.pool import Closure, Pool, close, reopen
from services.subscriptions.storage import pools

log = structlog.stdlib.get_logger()

DURABLE = "subscriptions-pools"
CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock of whoever reports may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class _Change:
    pool: str
    at: datetime
    apply: Callable[[Pool], Pool]
    tell: Callable[[Pool], Message]


async def close_pool(event: CloudEvent[ClosePool], *, database: Database, town: str, now: Clock) -> None:
    """Close a pool; told when that changes its state, its reason or its end."""
    command = event.data
    closure = Closure(command.closed_at, command.reason, command.until, command.reported_by, event.time)

    def told(pool: Pool) -> PoolClosed:
        return PoolClosed(
            pool=command.pool,
            reason=command.reason,
            closed_at=pool.since or command.closed_at,
            until=command.until,
            reported_by=command.reported_by,
        )

    change = _Change(command.pool, command.closed_at, lambda pool: close(pool, closure), told)
    await _change(event, change, database=database, town=town, now=now)


async def reopen_pool(event: CloudEvent[ReopenPool], *, database: Database, town: str, now: Clock) -> None:
    """Open a closed pool again, and tell it."""
    command = event.data
    told = PoolReopened(pool=command.pool, reopened_at=command.reopened_at, reported_by=command.reported_by)

    def opened(pool: Pool) -> Pool:
        return reopen(pool, at=command.reopened_at, reported_by=command.reported_by, heard_at=event.time)

    change = _Change(command.pool, command.reopened_at, opened, lambda _pool: told)
    await _change(event, change, database=database, town=town, now=now)


async def _change(event: CloudEvent[Message], change: _Change, *, database: Database, town: str, now: Clock) -> None:
    if change.at > now() + CLOCK_SKEW:
        # It would make every true command until then a stale one.
        raise NeverAgain("instant_in_the_future")
    async with database.transaction() as session:
        if not await inbox.first_delivery(session, DURABLE, event):
            return
        row = await pools.held(session, change.pool)
        before = pools.known(row)
        after = change.apply(before)
        pools.store(row, after)
        if after.version > before.version:
            source = source_of(town, "subscriptions")
            told = envelope(
                change.tell(after), source=source, aggregate=change.pool, sequence=after.version, time=now()
            )
            await outbox.record(session, [told])
    if after == before:
        log.info("pool.command_stale", pool=change.pool)
