"""What became of an announcement, in numbers: they outlive the rows that name people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.storage.incidents import GOING_ON
from services.subscriptions.storage.tables import AnnouncementRow, DeliveryRow

Json = dict[str, Any]
QUICK = timedelta(seconds=10)
_FEW = 5
"""A mail host with fewer recipients may be one person's own."""
_OTHER_HOSTS = "andere"
_FAILED = ("failed", "unreachable")


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of the ledger with the same channel, state and mail host."""

    channel: str
    state: str
    host: str
    people: int
    uncertain: int
    handed: int
    quick: int
    first: datetime | None
    last: datetime | None


async def of(session: AsyncSession, row: AnnouncementRow) -> Json:
    """Count the rows of an announcement by channel, state and mail host; never a person."""
    quick = (
        case((DeliveryRow.handed_at <= row.released_at + QUICK, 1), else_=0)
        if row.released_at is not None
        else literal(0)
    )
    groups = await session.execute(
        select(
            DeliveryRow.channel,
            DeliveryRow.state,
            DeliveryRow.host,
            func.count(),
            func.sum(DeliveryRow.uncertain),
            func.count(DeliveryRow.handed_at),
            func.sum(quick),
            func.min(DeliveryRow.handed_at),
            func.max(DeliveryRow.handed_at),
        )
        .where(DeliveryRow.announcement_id == row.announcement_id)
        .group_by(DeliveryRow.channel, DeliveryRow.state, DeliveryRow.host)
    )
    return _summary([_Group(*each) for each in groups])


def _summary(groups: Sequence[_Group]) -> Json:
    states: Counter[str] = Counter()
    channels: dict[str, Counter[str]] = {}
    for each in groups:
        states[each.state] += each.people
        channels.setdefault(each.channel, Counter())[each.state] += each.people
    handed = sum(each.handed for each in groups)
    quick = sum(each.quick for each in groups)
    return {
        "people": states.total(),
        "by_state": dict(states),
        "by_channel": {channel: dict(counts) for channel, counts in channels.items()},
        "uncertain": sum(each.uncertain for each in groups),
        "handed_over": handed,
        "first_handed_at": _instant(min((each.first for each in groups if each.first), default=None)),
        "last_handed_at": _instant(max((each.last for each in groups if each.last), default=None)),
        "within_10_seconds": quick,
        "share_within_10_seconds": round(quick / handed, 4) if handed else None,
        "failing_hosts": _failing_hosts(groups),
    }


def _failing_hosts(groups: Sequence[_Group]) -> list[Json]:
    recipients: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for each in groups:
        recipients[each.host] += each.people
        failures[each.host] += each.people if each.state in _FAILED else 0
    named: Counter[str] = Counter()
    for host, count in failures.items():
        named[host if host and recipients[host] >= _FEW else _OTHER_HOSTS] += count
    return [{"host": host, "failures": count} for host, count in named.most_common() if count]


async def keep_numbers(session: AsyncSession, *, made_before: datetime, most: int) -> list[int]:
    """Write the numbers of old announcements down, so that their rows can go; return which are to be emptied."""
    old = (AnnouncementRow.made_at < made_before, AnnouncementRow.state.not_in(GOING_ON))
    rows = await session.scalars(select(AnnouncementRow).where(*old, AnnouncementRow.summary.is_(None)).limit(most))
    for row in rows:
        row.summary = await of(session, row)
    await session.flush()
    emptied = select(AnnouncementRow.announcement_id).where(
        *old,
        AnnouncementRow.summary.is_not(None),
        select(DeliveryRow.delivery_id).where(DeliveryRow.announcement_id == AnnouncementRow.announcement_id).exists(),
    )
    return list(await session.scalars(emptied.limit(most)))


async def drop_rows(session: AsyncSession, announcement_id: int, *, most: int) -> int:
    """Delete some rows of an announcement; return how many."""
    some = select(DeliveryRow.delivery_id).where(DeliveryRow.announcement_id == announcement_id).limit(most)
    gone = list(await session.scalars(some))
    await session.execute(delete(DeliveryRow).where(DeliveryRow.delivery_id.in_(gone)))
    return len(gone)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
