"""Write down whom an announcement is told: piece by piece, each in a transaction of its own."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.database import Database
from chassis.lease import Lease
from services.subscriptions.metrics import EXPIRED
from services.subscriptions.storage import expansion, ledger

FIRST_PIECE = 500
"""Small, so that the first letter leaves at once."""
PIECE = 3000


async def next_expanding(database: Database) -> expansion.Expanding | None:
    """Return the most urgent announcement that is not in the ledger yet."""
    async with database.reading() as session:
        return await expansion.next_expanding(session)


async def expand(work: expansion.Expanding, database: Database, lease: Lease, *, now: Clock, size: int = PIECE) -> bool:
    """Write the next piece of an announcement; False when that was the last one."""
    async with database.transaction() as session:
        await ledger.confirm(session, lease)
        return await expansion.expand(session, work, size=size, at=now())


async def clear_superseded(database: Database, lease: Lease) -> bool:
    """Take a piece of what newer announcements have made needless out of the queue; True when more may be left."""
    async with database.transaction() as session:
        await ledger.confirm(session, lease)
        return await ledger.clear_superseded(session)


async def drop_late(database: Database, lease: Lease, *, now: Clock) -> bool:
    """Take a piece of what has expired in the queue out of it, and count it: a relay or host may be away for long."""
    async with database.reading() as session:
        late = await ledger.late(session, at=now())
    if not late:
        return False
    async with database.transaction() as session:
        await ledger.confirm(session, lease)
        dropped = await ledger.drop(session, late)
    EXPIRED.inc(dropped)
    return dropped > 0


async def take_over(database: Database, lease: Lease) -> int:
    """Let what another process, or this one in an earlier life, was handing over go out again."""
    async with database.transaction() as session:
        await ledger.confirm(session, lease)
        return await ledger.take_over(session)


async def finish(database: Database, lease: Lease) -> None:
    """Call done what has nothing left to send."""
    async with database.transaction() as session:
        await ledger.confirm(session, lease)
        await ledger.finish(session)
