"""What staff read of announcements: the list, and the delivery report of each. Counts only, never a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.storage import reach
from services.subscriptions.storage.incidents import GOING_ON
from services.subscriptions.storage.tables import AnnouncementRow, DeliveryRow, IncidentRow

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


async def latest(session: AsyncSession, *, state: str | None, limit: int) -> list[Json]:
    """Return the public announcements, the newest first; those on their way have their `progress` by state."""
    wanted = (
        select(AnnouncementRow, IncidentRow)
        .join(IncidentRow, IncidentRow.incident_id == AnnouncementRow.incident_id)
        .where(IncidentRow.public)
        .order_by(AnnouncementRow.announcement_id.desc())
        .limit(limit)
    )
    if state is not None:
        wanted = wanted.where(AnnouncementRow.state == state)
    rows = [(row, incident) for row, incident in await session.execute(wanted)]
    progress = await _progress(session, [row.announcement_id for row, _ in rows if row.state in GOING_ON])
    return [_announcement(row, incident) | {"progress": progress.get(row.announcement_id)} for row, incident in rows]


async def _progress(session: AsyncSession, announcement_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Count only what is on its way: counting all that ever went out would take seconds."""
    counts: dict[int, dict[str, int]] = {announcement_id: {} for announcement_id in announcement_ids}
    groups = await session.execute(
        select(DeliveryRow.announcement_id, DeliveryRow.state, func.count())
        .where(DeliveryRow.announcement_id.in_(announcement_ids))
        .group_by(DeliveryRow.announcement_id, DeliveryRow.state)
    )
    for announcement_id, state, people in groups:
        counts[announcement_id][state] = people
    return counts


async def report(session: AsyncSession, announcement_id: int) -> Json | None:
    """Return an announcement and what became of it: `deliveries`, and of a held one whom it would reach now."""
    row = await session.get(AnnouncementRow, announcement_id)
    if row is None:
        return None
    incident = await session.get_one(IncidentRow, row.incident_id)
    told = _announcement(row, incident) | {"texts": row.texts, "deliveries": await _deliveries(session, row)}
    if row.state == "held":
        concerned = await reach.of_topics(session, incident.topics)
        told["reach"] = {
            "reaches": concerned.people,
            "by_channel": concerned.by_channel,
            "by_language": concerned.by_language,
            "without_channel": concerned.without_channel,
        }
    return told


async def _deliveries(session: AsyncSession, row: AnnouncementRow) -> Json:
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


def _announcement(row: AnnouncementRow, incident: IncidentRow) -> Json:
    return {
        "announcement_id": row.announcement_id,
        "incident": str(row.incident_id),
        "subject": incident.subject,
        "facts": incident.facts,
        "ended_at": _instant(incident.ended_at),
        "number": row.number,
        "kind": row.kind,
        "urgency": row.urgency,
        "headline": row.texts["de"]["headline"],
        "state": row.state,
        "made_at": _instant(row.made_at),
        "made_by": row.made_by,
        "released_at": _instant(row.released_at),
        "released_by": row.released_by,
        "rejection": row.rejection,
        "expires_at": _instant(row.expires_at),
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
