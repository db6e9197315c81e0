"""Announcements as rows, for those who decide on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from chassis.tables import InboxClaim
from services.subscriptions.domain.announcing import Texts, Wording
from services.subscriptions.storage.tables import AnnouncementRow, IncidentRow

_COMMANDS = "alert-commands"
"""Claims of commands that came over HTTP stand in the inbox under this name."""
UNSEEN = ("held", "rejected")
"""States of announcements that nobody outside has seen."""


async def made_by(session: AsyncSession, command_id: UUID) -> int | None:
    """Return what a command has made before."""
    return await session.scalar(select(AnnouncementRow.announcement_id).where(AnnouncementRow.command_id == command_id))


async def claim(session: AsyncSession, command_id: UUID, *, now: datetime) -> bool:
    """Claim a command in the transaction of its effect; whoever comes second waits for the first, then gets False."""
    first = insert_if_absent(session, InboxClaim).values(durable=_COMMANDS, event_key=command_id.hex, claimed_at=now)
    claimed = await session.execute(first.returning(InboxClaim.event_key))
    return claimed.first() is not None


async def locked(session: AsyncSession, announcement_id: int) -> AnnouncementRow | None:
    """Return an announcement that nobody else decides on until this transaction ends."""
    return await session.scalar(
        select(AnnouncementRow).where(AnnouncementRow.announcement_id == announcement_id).with_for_update()
    )


async def locked_incident(session: AsyncSession, incident_id: UUID) -> IncidentRow | None:
    """Return an incident that nobody else changes until this transaction ends."""
    return await session.scalar(select(IncidentRow).where(IncidentRow.incident_id == incident_id).with_for_update())


async def hold_until(session: AsyncSession, incident_id: UUID, until: datetime) -> None:
    """Let an alert be valid until another instant."""
    incident = await session.get_one(IncidentRow, incident_id)
    incident.facts = {**incident.facts, "valid_until": until.isoformat()}


async def of_incident(session: AsyncSession, incident_id: UUID) -> Sequence[AnnouncementRow]:
    """Return all announcements of an incident in their order."""
    rows = await session.scalars(
        select(AnnouncementRow).where(AnnouncementRow.incident_id == incident_id).order_by(AnnouncementRow.number)
    )
    return rows.all()


async def held_past(session: AsyncSession, *, now: datetime) -> Sequence[AnnouncementRow]:
    """Return what nobody has released in time."""
    rows = await session.scalars(
        select(AnnouncementRow)
        .where(AnnouncementRow.state == "held", AnnouncementRow.expires_at <= now)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def going_on(session: AsyncSession, *, subject_prefix: str) -> Sequence[IncidentRow]:
    """Return the incidents of a kind that have not ended."""
    rows = await session.scalars(
        select(IncidentRow).where(
            IncidentRow.ended_at.is_(None), IncidentRow.subject.startswith(subject_prefix, autoescape=True)
        )
    )
    return rows.all()


def said(row: AnnouncementRow) -> Texts:
    """Return the words of an announcement."""
    return {
        language: Wording(words["headline"], words["body"])
        for language, words in row.texts.items()
        if language in ("de", "en", "plain")
    }
