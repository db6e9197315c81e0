"""The statements of the mail ledger; `fence` is the condition that the relay's lease is still held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, update

from chassis.database import Database
from chassis.mail_tables import OutgoingMail
from chassis.smtp import Outcome

RETRY_MINUTES = (1, 5, 15, 60)
"""After the first, second … attempt that was put off; the last for all that follow, until the mail expires."""
KEEP_ENDED = timedelta(days=30)
_FORGET = {"recipient": "", "host": "", "content": b""}
"""Of a mail that has ended; a host of one's own names a person too."""


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A row of the ledger that is due."""

    mail_id: UUID
    purpose: str
    recipient: str
    host: str
    content: bytes
    attempts: int


async def requeue(database: Database, *, fence: ColumnElement[bool], except_for: Collection[UUID]) -> Counter[str]:
    """Queue again what somebody has left half done; return how many by purpose."""
    left = and_(OutgoingMail.state == "sending", OutgoingMail.mail_id.not_in(except_for))
    async with database.transaction() as session:
        purposes = await session.scalars(
            update(OutgoingMail)
            .where(left, fence)
            .values(state="queued", uncertain=OutgoingMail.uncertain + 1)
            .returning(OutgoingMail.purpose)
        )
        return Counter(purposes)


async def expire(database: Database, now: datetime, *, fence: ColumnElement[bool]) -> Counter[str]:
    """End what nobody would want any more; return how many by purpose."""
    late = and_(OutgoingMail.state == "queued", OutgoingMail.expires_at <= now)
    async with database.reading() as session:
        if await session.scalar(select(OutgoingMail.mail_id).where(late).limit(1)) is None:
            return Counter()
    async with database.transaction() as session:
        purposes = await session.scalars(
            update(OutgoingMail).where(late, fence).values(state="expired", **_FORGET).returning(OutgoingMail.purpose)
        )
        return Counter(purposes)


async def prune(database: Database, now: datetime) -> None:
    """Forget rows that ended long ago."""
    ended = OutgoingMail.state.in_(("sent", "failed", "expired"))
    async with database.transaction() as session:
        await session.execute(delete(OutgoingMail).where(ended, OutgoingMail.recorded_at < now - KEEP_ENDED))


async def due(database: Database, now: datetime, *, limit: int, hosts_to_spare: Iterable[str]) -> list[WaitingMail]:
    """Return what may be sent now, longest waiting first."""
    columns = (
        OutgoingMail.mail_id,
        OutgoingMail.purpose,
        OutgoingMail.recipient,
        OutgoingMail.host,
        OutgoingMail.content,
        OutgoingMail.attempts,
    )
    ready = and_(
        OutgoingMail.state == "queued",
        OutgoingMail.next_try_at <= now,
        OutgoingMail.host.not_in(list(hosts_to_spare)),
    )
    async with database.reading() as session:
        found = await session.execute(select(*columns).where(ready).order_by(OutgoingMail.next_try_at).limit(limit))
        return [WaitingMail(*each) for each in found]


async def claim(database: Database, rows: list[WaitingMail], *, fence: ColumnElement[bool]) -> list[WaitingMail]:
    """Mark rows as `sending`; return those that are now ours."""
    wanted = OutgoingMail.mail_id.in_([row.mail_id for row in rows])
    async with database.transaction() as session:
        claimed = await session.scalars(
            update(OutgoingMail)
            .where(wanted, OutgoingMail.state == "queued", fence)
            .values(state="sending")
            .returning(OutgoingMail.mail_id)
        )
        ours = set(claimed)
    return [row for row in rows if row.mail_id in ours]


async def settle(
    database: Database, row: WaitingMail, outcome: Outcome, now: datetime, *, fence: ColumnElement[bool]
) -> None:
    """Record what became of an attempt."""
    async with database.transaction() as session:
        await session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.mail_id == row.mail_id, OutgoingMail.state == "sending", fence)
            .values(**_result(row, outcome, now))
        )


def _result(row: WaitingMail, outcome: Outcome, now: datetime) -> dict[str, Any]:
    if outcome.relay_away:
        return {"state": "queued", "reply": outcome.reply}
    counted = {"attempts": row.attempts + 1, "reply": outcome.reply}
    if outcome.kind == "accepted":
        return {**counted, "state": "sent", "handed_at": now, **_FORGET}
    if outcome.kind == "refused":
        return {**counted, "state": "failed", **_FORGET}
    minutes = RETRY_MINUTES[min(row.attempts, len(RETRY_MINUTES) - 1)]
    uncertain = {"uncertain": OutgoingMail.uncertain + 1} if outcome.kind == "unknown" else {}
    return {**counted, **uncertain, "state": "queued", "next_try_at": now + timedelta(minutes=minutes)}
