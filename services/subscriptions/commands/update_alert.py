"""Tell those who heard of an alert what has changed; a large circle needs a second person, as at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.commands.announce_alert import AlertDesk, ask_approvers
from services.subscriptions.domain.alert_rules import SUBJECT, Refused, is_over
from services.subscriptions.domain.announcing import Announcement, Texts, Urgency
from services.subscriptions.domain.reach import needs_second_person
from services.subscriptions.storage import announcements, incidents, reach
from services.subscriptions.storage.announcements import UNSEEN
from services.subscriptions.storage.tables import AnnouncementRow, IncidentRow


@dataclass(frozen=True, slots=True)
class AlertUpdate:
    """What is new."""

    texts: Texts
    valid_until: datetime
    by: str


async def update_alert(incident_id: UUID, command_id: UUID, news: AlertUpdate, *, desk: AlertDesk) -> int:
    """Announce an update; return its id. The same command twice is one update."""
    now = desk.now()
    async with desk.database.transaction() as session:
        incident, told = await seen(session, incident_id)
        made = await announcements.made_by(session, command_id)
        if made is None:
            if is_over(incident.ended_at, incident.facts, now=now):
                raise Refused("ended")
            if news.valid_until <= now:
                raise Refused("past")
            concerned = await reach.of_topics(session, incident.topics)
            update = Announcement(
                kind="update",
                urgency=Urgency(told[0].urgency),
                texts=news.texts,
                made_by=news.by,
                expires_at=news.valid_until,
                held=needs_second_person(concerned, above=desk.second_person_above),
                command_id=command_id,
            )
            made = await incidents.announce(session, incident_id, update, at=now)
            if update.held:
                await ask_approvers(session, made, update, people=concerned.people, at=now)
            else:
                await announcements.hold_until(session, incident_id, news.valid_until)
    desk.wake()
    return made


async def seen(session: AsyncSession, incident_id: UUID) -> tuple[IncidentRow, list[AnnouncementRow]]:
    """Return an alert, locked, and what was told of it; Refused when there is none, or nothing was told yet."""
    incident = await announcements.locked_incident(session, incident_id)
    if incident is None or not incident.public:
        raise Refused("unknown")
    if not incident.subject.startswith(SUBJECT):
        raise Refused("of_a_pool")
    rows = await announcements.of_incident(session, incident_id)
    told = [row for row in rows if row.state not in UNSEEN]
    if not told:
        raise Refused("held" if any(row.state == "held" for row in rows) else "ended")
    return incident, told
