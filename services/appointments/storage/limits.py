"""Limits: how much one client holds and one e-mail address books. Exact on both databases.

What is counted is locked first, until the end of the transaction: else those who ask PostgreSQL in the same instant
would not see each other. SQLite has one writer anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.domain.ticks import tick_of
from services.appointments.storage.booking_rows import BOOKING, TO_COME

LIMIT_SPAN = timedelta(hours=1)
"""In which the holds of one client are counted."""
_KEYS = func.unnest(bindparam("keys", type_=ARRAY(BigInteger))).column_valued("each")
_LOCK = select(func.count(func.pg_advisory_xact_lock(_KEYS)))


async def lock(session: AsyncSession, counted: Iterable[str]) -> None:
    """Let nobody else count these (hashes of clients, keys of addresses) before this transaction has ended.

    All that a transaction counts is locked at once, and before it takes anything: two wait for each other in a row.
    """
    keys = sorted({int.from_bytes(sha256(each.encode()).digest()[:8], signed=True) for each in counted})
    if keys and session.get_bind().dialect.name == "postgresql":
        await session.execute(_LOCK, {"keys": keys})


async def coming_of_email(session: AsyncSession, email_key: str, *, now: datetime, besides: UUID) -> int:
    """Count the appointments to come under an e-mail address; until the end of the transaction nobody else does."""
    await lock(session, [email_key])
    wanted = select(func.count()).where(
        BOOKING.c.email_key == email_key,
        BOOKING.c.first_tick > tick_of(now),
        BOOKING.c.state.in_(TO_COME),
        or_(BOOKING.c.expires_at.is_(None), BOOKING.c.expires_at > now),
        BOOKING.c.booking_id != besides,
    )
    return await session.scalar(wanted) or 0


async def first_of_client(session: AsyncSession, client_mac: str, *, since: datetime) -> datetime | None:
    """Return when a client made the oldest booking that still counts."""
    wanted = select(func.min(BOOKING.c.created_at)).where(
        BOOKING.c.client_mac == client_mac, BOOKING.c.created_at > since
    )
    return await session.scalar(wanted)
