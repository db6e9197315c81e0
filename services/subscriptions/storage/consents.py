"""The log of consents (Nachweis der Einwilligung, Art. 7 Abs. 1 DSGVO): rows are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.consent import Consent
from services.subscriptions.storage.tables import ConsentRow


class Withdrawal(NamedTuple):
    """What somebody has withdrawn; an erasure concerns all there is."""

    at: datetime
    topics: frozenset[str]
    everything: bool


async def record(session: AsyncSession, consents: Sequence[Consent]) -> None:
    """Add entries, in their order."""
    if consents:
        # RETURNING makes it statements of many rows, which counts for an import.
        statement = insert(ConsentRow).returning(ConsentRow.consent_id)
        (await session.execute(statement, [each._asdict() for each in consents])).close()


async def of_person(session: AsyncSession, subscriber_id: int) -> Sequence[ConsentRow]:
    """Return the entries of one person, the oldest first."""
    rows = await session.scalars(
        select(ConsentRow).where(ConsentRow.subscriber_id == subscriber_id).order_by(ConsentRow.consent_id)
    )
    return rows.all()


async def of_click(session: AsyncSession, subscriber_id: int, announcement_id: int) -> Sequence[ConsentRow]:
    """Return what one person did with the link of one mail, in order."""
    rows = await of_person(session, subscriber_id)
    return [row for row in rows if row.announcement_id == announcement_id]


def removed_by(log: Sequence[ConsentRow]) -> list[str]:
    """Return what the entries of one link have ended and not given back."""
    removed: set[str] = set()
    for entry in log:
        removed = set() if entry.action == "granted" else removed | set(entry.topics)
    return sorted(removed)


async def withdrawals(session: AsyncSession, macs: Sequence[str]) -> Mapping[str, list[Withdrawal]]:
    """Return what these addresses (as keyed hashes) have withdrawn."""
    rows = await session.execute(
        select(ConsentRow.address_mac, ConsentRow.at, ConsentRow.topics, ConsentRow.way)
        .where(ConsentRow.address_mac.in_(macs), ConsentRow.action == "withdrawn")
        .order_by(ConsentRow.consent_id)
    )
    found: dict[str, list[Withdrawal]] = {}
    for mac, at, topics, way in rows:
        found.setdefault(mac or "", []).append(Withdrawal(at, frozenset(topics), way == "erasure"))
    return found
