"""End an alert: give the all-clear (Entwarnung), or say that it was a mistake."""

from __future__ import annotations

from uuid import UUID

from services.subscriptions.commands.announce_alert import AlertDesk
from services.subscriptions.commands.update_alert import seen
from services.subscriptions.domain import alert_words
from services.subscriptions.domain.alert_rules import END_GOOD_FOR, Refused, is_over
from services.subscriptions.domain.announcing import Announcement, Kind, Urgency
from services.subscriptions.storage import announcements, incidents


async def end_alert(incident_id: UUID, command_id: UUID, *, mistaken: bool, by: str, desk: AlertDesk) -> int:
    """End it and tell those whom it reached; return the id of that announcement. Ending it twice is once."""
    now = desk.now()
    kind: Kind = "correction" if mistaken else "all_clear"
    async with desk.database.transaction() as session:
        incident, told = await seen(session, incident_id)
        last = told[-1]
        made = last.announcement_id if last.kind == kind else None
        if made is None:
            # A mistake can still be corrected when the time of its alert has passed.
            passed = is_over(incident.ended_at, incident.facts, now=now) and not mistaken
            if passed or last.kind in ("all_clear", "correction"):
                raise Refused("ended")
            news = [row for row in told if row.kind in ("alert", "update")]
            words = alert_words.ended(announcements.said(news[-1]), mistaken=mistaken)
            announcement = Announcement(
                kind=kind,
                urgency=Urgency.URGENT if mistaken else Urgency(told[0].urgency),
                texts=words,
                made_by=by,
                expires_at=now + END_GOOD_FOR,
                command_id=command_id,
            )
            made = await incidents.announce(session, incident_id, announcement, at=now)
            if mistaken:
                incident.facts = {**incident.facts, "mistaken": True}
            await incidents.end(session, incident_id, at=now)
    desk.wake()
    return made
