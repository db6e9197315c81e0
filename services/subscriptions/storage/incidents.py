"""Incidents and their announcements as rows. Everything happens in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.announcing import Announcement, Incident
from services.subscriptions.storage.tables import AnnouncementRow, IncidentRow

GOING_ON = ("expanding", "sending")


async def open_new(session: AsyncSession, incident: Incident) -> None:
    """Record that something has begun of which people are to be told."""
    session.add(
        IncidentRow(
            incident_id=incident.incident_id,
            subject=incident.subject,
            topics=list(incident.topics),
            facts=dict(incident.facts),
            public=incident.public,
            began_at=incident.began_at,
        )
    )
    await session.flush()


async def current(session: AsyncSession, subject: str) -> UUID | None:
    """Return the incident of a subject that has not ended."""
    found = await session.scalars(
        select(IncidentRow.incident_id)
        .where(IncidentRow.subject == subject, IncidentRow.ended_at.is_(None))
        .order_by(IncidentRow.began_at.desc())
        .limit(1)
    )
    return found.first()


async def announce(session: AsyncSession, incident_id: UUID, announcement: Announcement, *, at: datetime) -> int:
    """Record an announcement and return its id; what is still going out of the incident's earlier ones stops.

    One that waits for a second person stops nothing before it is released.
    """
    # The lock keeps two announcements of one incident from taking the same number.
    await session.execute(
        select(IncidentRow.incident_id).where(IncidentRow.incident_id == incident_id).with_for_update()
    )
    highest = select(func.max(AnnouncementRow.number)).where(AnnouncementRow.incident_id == incident_id)
    number = (await session.scalar(highest) or 0) + 1
    if not announcement.held:
        await _supersede(session, incident_id, before=number)
    row = AnnouncementRow(
        incident_id=incident_id,
        number=number,
        kind=announcement.kind,
        urgency=int(announcement.urgency),
        texts=_texts(announcement),
        state="held" if announcement.held else "expanding",
        reached_up_to=0,
        made_at=at,
        made_by=announcement.made_by,
        released_at=None if announcement.held else at,
        released_by=None,
        expires_at=announcement.expires_at,
        command_id=announcement.command_id,
    )
    session.add(row)
    await session.flush()
    return row.announcement_id


async def release(session: AsyncSession, announcement_id: int, *, by: str, at: datetime) -> bool:
    """Let a held announcement go out, instead of earlier ones; False when it is not held (any more)."""
    released = await session.execute(
        update(AnnouncementRow)
        .where(AnnouncementRow.announcement_id == announcement_id, AnnouncementRow.state == "held")
        .values(state="expanding", released_at=at, released_by=by)
        .returning(AnnouncementRow.incident_id, AnnouncementRow.number)
    )
    row = released.first()
    if row is None:
        return False
    await _supersede(session, row.incident_id, before=row.number)
    return True


async def end(session: AsyncSession, incident_id: UUID, *, at: datetime) -> None:
    """Record that it is over; an end that is known already stays."""
    await session.execute(
        update(IncidentRow)
        .where(IncidentRow.incident_id == incident_id, IncidentRow.ended_at.is_(None))
        .values(ended_at=at)
    )


async def _supersede(session: AsyncSession, incident_id: UUID, *, before: int) -> None:
    """Stop earlier announcements; the sender clears their waiting rows away, so that no tap waits for 100,000 rows."""
    await session.execute(
        update(AnnouncementRow)
        .where(
            AnnouncementRow.incident_id == incident_id,
            AnnouncementRow.number < before,
            AnnouncementRow.state.in_(("held", *GOING_ON)),
        )
        .values(state="superseded")
    )


def _texts(announcement: Announcement) -> Mapping[str, Mapping[str, str]]:
    return {
        language: {"headline": words.headline, "body": words.body} for language, words in announcement.texts.items()
    }
