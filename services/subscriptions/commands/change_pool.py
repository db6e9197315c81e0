"""Close and reopen pools, and tell of it: one way for commands from the bus, for taps and for the weather."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import inbox, outbox
from chassis.clock import Clock
from chassis.database import Database
from chassis.errors import NeverAgain
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.foreign import PoolClosure
from contracts.subscriptions import ClosePool, PoolClosed, PoolReopened, ReopenPool
from services.subscriptions.commands.tell_of_pool import tell
from services.subscriptions.domain.master_data import MasterData
from services.subscriptions.domain.pool import Closure, Opening, Order, Pool, obey, tap_instant
from services.subscriptions.domain.pool_news import Change
from services.subscriptions.storage import pools

log = structlog.stdlib.get_logger()

DURABLE = "subscriptions-pools"
CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock of whoever reports may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Somebody at the pool has pressed a button; the instant is ours, not that of the phone."""

    tap_id: UUID
    """The same tap sent again has no second effect."""
    pool: str
    seen_version: int
    """The state that was shown when the button was pressed."""
    by: str
    close: PoolClosure | None
    """The reason of a closure; None opens."""
    until: datetime | None = None
    mistaken: bool = False


class StaleTapError(Exception):
    """The state has moved since it was shown, and is not what the tap asks for."""


async def close_pool(event: CloudEvent[ClosePool], *, database: Database, master: MasterData, now: Clock) -> None:
    """Close a pool; told when that changes its state, its reason or its end."""
    command = event.data
    order = Closure(command.closed_at, command.reason, command.until, command.reported_by, event.time)
    await _obey_event(event, command.pool, order, database=database, master=master, now=now)


async def reopen_pool(event: CloudEvent[ReopenPool], *, database: Database, master: MasterData, now: Clock) -> None:
    """Open a closed pool again, and tell it."""
    command = event.data
    order = Opening(command.reopened_at, command.reported_by, event.time, command.mistaken)
    await _obey_event(event, command.pool, order, database=database, master=master, now=now)


async def tap(command: Tap, *, database: Database, master: MasterData, now: Clock) -> None:
    """Do what was tapped, once; StaleTapError when somebody else was quicker with something else."""
    async with database.transaction() as session:
        if not await pools.first_tap(session, command.pool, command.tap_id, now=now()):
            return
        row = await pools.held(session, command.pool)
        known = pools.known(row)
        if row.version != command.seen_version:
            if not _is_so_already(known, command):
                raise StaleTapError
            return
        at = tap_instant(known, now())
        await change(session, command.pool, _order_of(command, at), master=master, now=now)


async def change(session: AsyncSession, pool: str, order: Order, *, master: MasterData, now: Clock) -> Pool:
    """Let a pool obey an order in the transaction of the caller, and tell of it; return what is known now.

    An order that comes too late, or asks for what is so already, changes nothing and is not told.
    """
    row = await pools.held(session, pool)
    before = pools.known(row)
    after = obey(before, order)
    pools.store(row, after)
    if after.version == before.version:
        log.info("pool.unchanged", pool=pool, stale=after == before)
        return after
    told_at = now()
    told = envelope(
        _event(pool, after, order),
        source=source_of(master.town, "subscriptions"),
        aggregate=pool,
        sequence=after.version,
        time=told_at,
    )
    await outbox.record(session, [told])
    mistaken = isinstance(order, Opening) and order.mistaken
    calendar = master.calendar(told_at.date())
    news = Change(master.of(pool), calendar, before, after, told_at, mistaken)
    await tell(session, news, town=master.town)
    return after


async def _obey_event(
    event: CloudEvent[Message], pool: str, order: Order, *, database: Database, master: MasterData, now: Clock
) -> None:
    if order.at > now() + CLOCK_SKEW:
        # It would make every true command until then a stale one.
        raise NeverAgain("instant_in_the_future")
    async with database.transaction() as session:
        if await inbox.first_delivery(session, DURABLE, event):
            await change(session, pool, order, master=master, now=now)


def _is_so_already(pool: Pool, command: Tap) -> bool:
    """Say whether somebody else has done all that a tap asks for; a mistake of theirs cannot be told from ours."""
    if command.close is None:
        return pool.state == "open" and not command.mistaken
    return (
        pool.state == "closed"
        and pool.reason == command.close
        and (command.until is None or pool.until == command.until)
    )


def _order_of(command: Tap, at: datetime) -> Order:
    if command.close is None:
        return Opening(at, command.by, at, command.mistaken)
    return Closure(at, command.close, command.until, command.by, at)


def _event(pool: str, after: Pool, order: Order) -> PoolClosed | PoolReopened:
    if isinstance(order, Opening):
        return PoolReopened(pool=pool, reopened_at=order.at, mistaken=order.mistaken, reported_by=order.reported_by)
    return PoolClosed.model_validate(
        {
            "pool": pool,
            "reason": order.reason,
            "closed_at": after.since or order.at,
            "until": order.until,
            "reported_by": order.reported_by,
        }
    )
