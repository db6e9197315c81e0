"""Why did I get this, why did I not: the answer from topics, consents and ledger, for the person alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.why import Delivered, Facts, reason_not_told
from services.subscriptions.storage import announcements, subscribers
from services.subscriptions.storage.announcements import UNSEEN
from services.subscriptions.storage.tables import (
    AnnouncementRow,
    ConsentRow,
    DeliveryRow,
    IncidentRow,
    SubscriptionRow,
)

Json = dict[str, Any]


async def why(session: AsyncSession, key: bytes, token: str, incident_id: UUID) -> Json | None:
    """Return why the holder of a preferences link was or was not told.

    None when the link is no longer good, or there is no such incident for this person.
    """
    person = await subscribers.of_token(session, key, token)
    incident = await session.get(IncidentRow, incident_id)
    if person is None or incident is None:
        return None
    rows = await announcements.of_incident(session, incident_id)
    deliveries = await _deliveries(session, person.subscriber_id, rows)
    released = [row for row in rows if row.state not in UNSEEN]
    if not deliveries and not (incident.public and any(row.state != "rejected" for row in rows)):
        return None
    matched = await _matched(session, person.subscriber_id, incident.topics)
    facts = Facts(
        deliveries=tuple(Delivered(each.state, each.handed_at is not None) for _, each in deliveries),
        released_at=min((row.released_at for row in released if row.released_at), default=None),
        last_state=released[-1].state if released else None,
        subscribed_at=min(matched.values(), default=None),
        withdrew=await _withdrew(session, person.subscriber_id, incident),
        forgotten=any(row.summary is not None for row in rows),
    )
    reason = reason_not_told(facts)
    return {
        "told": reason is None,
        "matched": _topics(matched, [each.topic for _, each in deliveries]),
        "deliveries": [_delivery(number, kind, each) for (number, kind), each in deliveries],
        "reason_key": reason,
    }


async def _deliveries(
    session: AsyncSession, subscriber_id: int, rows: Sequence[AnnouncementRow]
) -> list[tuple[tuple[int, str], DeliveryRow]]:
    known = {row.announcement_id: (row.number, row.kind) for row in rows}
    found = await session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.subscriber_id == subscriber_id, DeliveryRow.announcement_id.in_(known))
        .order_by(DeliveryRow.announcement_id)
    )
    return [(known[each.announcement_id], each) for each in found]


async def _matched(session: AsyncSession, subscriber_id: int, topics: Sequence[str]) -> dict[str, datetime]:
    found = await session.execute(
        select(SubscriptionRow.topic, SubscriptionRow.since)
        .where(SubscriptionRow.subscriber_id == subscriber_id, SubscriptionRow.topic.in_(topics))
        .order_by(SubscriptionRow.topic)
    )
    return {topic: since for topic, since in found}  # noqa: C416 - a row is not typed as a pair


async def _withdrew(session: AsyncSession, subscriber_id: int, incident: IncidentRow) -> bool:
    """Say whether the person withdrew one of the topics; before or after is the same to them."""
    withdrawn = await session.scalars(
        select(ConsentRow.topics).where(ConsentRow.subscriber_id == subscriber_id, ConsentRow.action == "withdrawn")
    )
    return any(set(topics) & set(incident.topics) for topics in withdrawn)


def _topics(matched: dict[str, datetime], delivered: Sequence[str]) -> list[Json]:
    """Topics by which the person was told stay named, also when they have been given up since."""
    names = dict.fromkeys((*delivered, *matched))
    return [
        {"topic": topic, "since": matched[topic].isoformat() if topic in matched else None} for topic in names if topic
    ]


def _delivery(number: int, kind: str, row: DeliveryRow) -> Json:
    return {
        "number": number,
        "kind": kind,
        "channel": row.channel,
        "state": row.state,
        "at": None if row.handed_at is None else row.handed_at.isoformat(),
    }
