"""What staff read of announcements: the list, and the delivery report of each. Counts only, never a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.storage import reach, summary
from services.subscriptions.storage.incidents import GOING_ON
from services.subscriptions.storage.tables import AnnouncementRow, DeliveryRow, IncidentRow

Json = dict[str, Any]


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
    told = _announcement(row, incident) | {
        "texts": row.texts,
        "deliveries": row.summary or await summary.of(session, row),
    }
    if row.state == "held":
        concerned = await reach.of_topics(session, incident.topics)
        told["reach"] = {
            "reaches": concerned.people,
            "by_channel": concerned.by_channel,
            "by_language": concerned.by_language,
            "without_channel": concerned.without_channel,
        }
    return told


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
