"""The inbox: a consumer claims its event in the transaction of the effect, so that the effect happens once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import utc_now
from chassis.database import Database
from chassis.dialect import insert_if_absent
from chassis.failures import FailureCount
from chassis.tables import InboxClaim, InboxFailure
from contracts.base import CloudEvent, Message
from contracts.topology import INBOX_AGE


async def first_delivery(session: AsyncSession, durable: str, event: CloudEvent[Message]) -> bool:
    """Claim the event for a durable; False when its effect is already there."""
    claim = insert_if_absent(session, InboxClaim).values(durable=durable, event_key=event.key(), claimed_at=utc_now())
    claimed = await session.execute(claim.returning(InboxClaim.event_key))
    return claimed.first() is not None


class FailureLedger:
    """Counts failures per event in the database, where they outlive restarts and redeliveries."""

    def __init__(self, database: Database) -> None:
        """Count in this database."""
        self._database = database

    async def add(self, durable: str, key: str, reason: str) -> FailureCount:
        """Count one more failure and return how many there are, and since when."""
        now = utc_now()
        async with self._database.transaction() as session:
            row = await session.get(InboxFailure, (durable, key))
            if row is None:
                row = InboxFailure(durable=durable, event_key=key, failures=0, first_at=now, last_at=now, reason=reason)
                session.add(row)
            row.failures += 1
            row.last_at = now
            row.reason = reason
            return FailureCount(row.failures, row.first_at)


async def prune(database: Database, *, age: timedelta = INBOX_AGE) -> None:
    """Forget claims that are older than anything the streams can still deliver."""
    async with database.transaction() as session:
        await session.execute(delete(InboxClaim).where(InboxClaim.claimed_at < utc_now() - age))
        await session.execute(delete(InboxFailure).where(InboxFailure.last_at < utc_now() - age))
