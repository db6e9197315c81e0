"""What was accepted, how much of it today, and which messages of the door were dealt with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from chassis.tables import InboxClaim
from services.intake.storage.tables import AcceptedRow, QuotaRow, ReportRow

# Built once: each accepted event would pay for them again.
_OF_A_DAY = (QuotaRow.system == bindparam("name"), QuotaRow.day == bindparam("on"))
_USED = select(QuotaRow.used).where(*_OF_A_DAY).with_for_update()
_ADD_USED = (
    update(QuotaRow)
    .where(*_OF_A_DAY)
    .values(used=QuotaRow.used + bindparam("more"))
    .execution_options(synchronize_session=False)
)
_DIGESTS = select(AcceptedRow.event_key, AcceptedRow.body_sha256).where(
    AcceptedRow.event_key.in_(bindparam("keys", expanding=True))
)
_ADD_ACCEPTED = insert(AcceptedRow)


async def claim(session: AsyncSession, durable: str, keys: Collection[str], *, now: datetime) -> set[str]:
    """Claim messages for a durable; return those that were not claimed before."""
    if not keys:
        return set()
    rows = [{"durable": durable, "event_key": key, "claimed_at": now} for key in sorted(keys)]
    claims = insert_if_absent(session, InboxClaim).values(rows).returning(InboxClaim.event_key)
    return set((await session.scalars(claims)).all())


async def used(session: AsyncSession, systems: Collection[str], day: date) -> dict[str, int]:
    """Lock the quotas of the systems for this transaction and return what is used of them.

    The lock makes replicas take turns per system, so that none can pass another's accepted events unseen.
    """
    counts: dict[str, int] = {}
    for system in sorted(systems):
        row = {"name": system, "on": day}
        count = await session.scalar(_USED, row)
        if count is None:
            await session.execute(insert_if_absent(session, QuotaRow).values(system=system, day=day, used=0))
            count = await session.scalar(_USED, row)
        counts[system] = count or 0
    return counts


async def add_used(session: AsyncSession, counts: Mapping[str, int], day: date) -> None:
    """Count accepted events."""
    for system, count in counts.items():
        await session.execute(_ADD_USED, {"name": system, "on": day, "more": count})


async def digests(session: AsyncSession, keys: Iterable[str]) -> dict[str, str]:
    """Return the content hashes of those events that were accepted before."""
    rows = await session.execute(_DIGESTS, {"keys": list(keys)})
    return {row.event_key: row.body_sha256 for row in rows}


async def add_accepted(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Remember accepted events."""
    if rows:
        await session.execute(_ADD_ACCEPTED, rows)


async def prune(session: AsyncSession, *, now: datetime, age: timedelta) -> None:
    """Forget what is older than any event that would still be accepted.

    An event whose report is still there is not forgotten: another one with its id would claim the same reference.
    """
    reported = exists().where(ReportRow.event_key == AcceptedRow.event_key)
    await session.execute(
        delete(AcceptedRow)
        .where(AcceptedRow.received_at < now - age, ~reported)
        .execution_options(synchronize_session=False)
    )
    await session.execute(delete(QuotaRow).where(QuotaRow.day < (now - age).date()))


async def used_today(session: AsyncSession, day: date) -> dict[str, int]:
    """Return the accepted events of a day by system."""
    rows = await session.execute(
        select(QuotaRow.system, func.sum(QuotaRow.used)).where(QuotaRow.day == day).group_by(QuotaRow.system)
    )
    return {system: int(count) for system, count in rows}
