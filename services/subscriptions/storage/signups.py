"""Mails that people asked for: please confirm, or a link to what is there. Kept some days, which also limits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.subscriptions.domain.address import Address
from services.subscriptions.domain.announcing import Language
from services.subscriptions.storage.tables import SignupRow

A_DAY = 3
"""Mails of one purpose to one address in one day, whoever asks."""
OPEN_FOR = timedelta(hours=48)
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, by whoever knows the address."""

    purpose: Literal["signup", "link"]
    address: Address
    mailbox_mac: str
    """Keyed hash of `Address.mailbox`, for which the limit of the day holds."""
    topics: Sequence[str]
    language: Language
    text_version: str


async def add(session: AsyncSession, asked: Asked, *, now: datetime) -> UUID | None:
    """Record a request; None when there were enough of them on this day.

    The number of the day is part of the key, so that requests at the same time cannot be one too many. It does not hang
    on the rows that are there: whoever was erased cannot be flooded either.
    """
    for number in range(A_DAY):
        signup_id = uuid5(NAMESPACE_URL, f"{asked.purpose}:{asked.mailbox_mac}:{now.date()}:{number}")
        inserted = await session.execute(
            insert_if_absent(session, SignupRow)
            .values(
                signup_id=signup_id,
                purpose=asked.purpose,
                email=asked.address.text,
                email_key=asked.address.key,
                topics=list(asked.topics),
                language=asked.language,
                text_version=asked.text_version,
                requested_at=now,
                expires_at=now + OPEN_FOR,
            )
            .returning(SignupRow.signup_id)
        )
        if inserted.first() is not None:
            return signup_id
    return None


async def waiting(session: AsyncSession, *, now: datetime) -> int:
    """Return how many were written to in the last hour and have not answered."""
    count = await session.scalar(
        select(func.count()).where(
            SignupRow.expires_at > now + OPEN_FOR - timedelta(hours=1),
            SignupRow.purpose == "signup",
            SignupRow.confirmed_at.is_(None),
        )
    )
    return count or 0


async def of_id(session: AsyncSession, signup_id: UUID) -> SignupRow | None:
    """Return a request to subscribe; None when its person is erased."""
    row = await session.get(SignupRow, signup_id)
    return row if row is not None and row.purpose == "signup" and row.email else None


async def confirm(session: AsyncSession, signup_id: UUID, *, now: datetime) -> bool:
    """Mark it confirmed; False when it was before. Whoever comes second waits for the first."""
    changed = await session.execute(
        update(SignupRow)
        .where(SignupRow.signup_id == signup_id, SignupRow.confirmed_at.is_(None))
        .values(confirmed_at=now)
        .returning(SignupRow.signup_id)
    )
    return changed.first() is not None


async def forget_old(session: AsyncSession, *, now: datetime) -> int:
    """Delete what has been kept long enough; return how many."""
    gone = await session.scalars(
        delete(SignupRow).where(SignupRow.requested_at < now - KEPT_FOR).returning(SignupRow.signup_id)
    )
    return len(gone.all())


async def forget_person(session: AsyncSession, email_key: str, *, now: datetime) -> None:
    """Take the address out of all that it has asked for; what is left still counts for the limit of the day."""
    await session.execute(
        update(SignupRow)
        .where(SignupRow.email_key == email_key)
        .values(email="", email_key="", topics=[], expires_at=now)
    )
