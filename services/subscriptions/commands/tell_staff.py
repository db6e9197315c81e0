"""Tell those who run a pool something that is not for the public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain import topics
from services.subscriptions.domain.announcing import Announcement, Incident, Texts, Urgency
from services.subscriptions.storage import incidents


async def tell_staff(
    session: AsyncSession,
    pool: str,
    texts: Texts,
    facts: Mapping[str, object],
    *,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Announce it as an incident of its own, so that no later message stops this one on its way."""
    incident = Incident(uuid4(), f"staff:{pool}", (topics.of_staff(pool),), facts, at, public=False)
    await incidents.open_new(session, incident)
    news = Announcement("alert", Urgency.URGENT, texts, "weather", expires_at)
    await incidents.announce(session, incident.incident_id, news, at=at)
    await incidents.end(session, incident.incident_id, at=at)
