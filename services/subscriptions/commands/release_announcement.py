"""A second person decides on a held announcement (Vier-Augen-Prinzip); what nobody decides on in time lapses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.commands.announce_alert import AlertDesk, staff_matter_of
from services.subscriptions.domain.alert_rules import EXPIRED, SUBJECT, Refused, is_over
from services.subscriptions.storage import announcements, incidents
from services.subscriptions.storage.tables import AnnouncementRow


async def release_announcement(announcement_id: int, *, by: str, desk: AlertDesk) -> None:
    """Let it go out; whoever made it cannot. Twice is once. One that came too late is rejected instead."""
    async with desk.database.transaction() as session:
        row = await announcements.locked(session, announcement_id)
        if row is None:
            raise Refused("unknown")
        if row.state == "held":
            await _release(session, row, by=by, at=desk.now())
    desk.wake()
    if row.state == "rejected":
        raise Refused("past" if (row.rejection or {}).get("why") == EXPIRED else "rejected")


async def _release(session: AsyncSession, row: AnnouncementRow, *, by: str, at: datetime) -> None:
    if row.made_by.casefold() == by.casefold():
        raise Refused("same_person")
    if row.expires_at <= at:
        await _reject(session, row, by=None, why=EXPIRED, at=at)
        return
    await incidents.release(session, row.announcement_id, by=by, at=at)
    await incidents.end(session, staff_matter_of(row.announcement_id), at=at)
    if row.kind == "update":
        await announcements.hold_until(session, row.incident_id, row.expires_at)
    await session.refresh(row)


async def reject_announcement(announcement_id: int, *, by: str, why: str, desk: AlertDesk) -> None:
    """Let it never go out; who made it may withdraw it so. Twice is once."""
    async with desk.database.transaction() as session:
        row = await announcements.locked(session, announcement_id)
        if row is None:
            raise Refused("unknown")
        if row.state == "held":
            await _reject(session, row, by=by, why=why, at=desk.now())
    desk.wake()
    if row.state != "rejected":
        raise Refused("released")


async def end_what_has_passed(desk: AlertDesk) -> None:
    """Reject what was held too long, and end alerts whose time has passed; nobody is told of either."""
    now = desk.now()
    changed = False
    async with desk.database.transaction() as session:
        for row in await announcements.held_past(session, now=now):
            await _reject(session, row, by=None, why=EXPIRED, at=now)
            changed = True
        for incident in await announcements.going_on(session, subject_prefix=SUBJECT):
            if is_over(None, incident.facts, now=now):
                await incidents.end(session, incident.incident_id, at=now)
                changed = True
    if changed:
        desk.wake()


async def _reject(session: AsyncSession, row: AnnouncementRow, *, by: str | None, why: str, at: datetime) -> None:
    row.state = "rejected"
    row.rejection = {"by": by, "why": why, "at": at.isoformat()}
    await incidents.end(session, staff_matter_of(row.announcement_id), at=at)
    if row.kind == "alert":
        await incidents.end(session, row.incident_id, at=at)
