"""What the public reads of incidents: pages, feeds, calendars. No names, no addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.alert_rules import is_over
from services.subscriptions.storage.announcements import UNSEEN
from services.subscriptions.storage.tables import AnnouncementRow, IncidentRow

Json = dict[str, Any]
_FURTHEST = 1000
"""So many that still hold are told; far more than there can be."""


async def news(
    session: AsyncSession, *, topic: str | None, limit: int, now: datetime, in_force: bool = False
) -> list[Json]:
    """Return the public incidents of which anything was told, of one topic or of all, the newest first.

    With `in_force`, beside the newest `limit` whatever began before them and still holds: a road is closed for months.
    """
    told = select(AnnouncementRow.incident_id).where(AnnouncementRow.state.not_in(UNSEEN))
    wanted = select(IncidentRow).where(IncidentRow.public, IncidentRow.incident_id.in_(told))
    if topic is not None:
        # Both databases keep the list as text; no topic holds a quotation mark.
        wanted = wanted.where(cast(IncidentRow.topics, Text).contains(f'"{topic}"', autoescape=True))
    wanted = wanted.order_by(IncidentRow.began_at.desc(), IncidentRow.incident_id)
    rows = [*await session.scalars(wanted.limit(limit))]
    if in_force:
        until = IncidentRow.facts["valid_until"].as_string()
        yesterday = (now - timedelta(days=1)).isoformat()  # as text, so give or take the offset of a zone
        holds = wanted.where(IncidentRow.ended_at.is_(None), or_(until.is_(None), until > yesterday))
        older = await session.scalars(holds.limit(_FURTHEST))
        known = {row.incident_id for row in rows}
        rows += [row for row in older if row.incident_id not in known and not is_over(row.ended_at, row.facts, now=now)]
    return await _with_announcements(session, rows, now=now)


async def one(session: AsyncSession, incident_id: UUID, *, now: datetime) -> Json | None:
    """Return one public incident, or None when there is none or nothing of it was told yet."""
    row = await session.get(IncidentRow, incident_id)
    if row is None or not row.public:
        return None
    (found,) = await _with_announcements(session, [row], now=now)
    return found if found["announcements"] else None


async def _with_announcements(session: AsyncSession, rows: Sequence[IncidentRow], *, now: datetime) -> list[Json]:
    told = await session.scalars(
        select(AnnouncementRow)
        .where(
            AnnouncementRow.incident_id.in_([row.incident_id for row in rows]),
            AnnouncementRow.state.not_in(UNSEEN),
        )
        .order_by(AnnouncementRow.number)
    )
    announcements: defaultdict[UUID, list[Json]] = defaultdict(list)
    for each in told:
        announcements[each.incident_id].append(_announcement(each))
    return [_incident(row, now) | {"announcements": announcements[row.incident_id]} for row in rows]


def _incident(row: IncidentRow, now: datetime) -> Json:
    return {
        "incident": str(row.incident_id),
        "subject": row.subject,
        "topics": row.topics,
        "facts": row.facts,
        "began_at": row.began_at.isoformat(),
        "ended_at": None if row.ended_at is None else row.ended_at.isoformat(),
        "ended": is_over(row.ended_at, row.facts, now=now),
    }


def _announcement(row: AnnouncementRow) -> Json:
    return {
        "number": row.number,
        "kind": row.kind,
        "texts": row.texts,
        "made_at": (row.released_at or row.made_at).isoformat(),
        "expires_at": row.expires_at.isoformat(),
    }
