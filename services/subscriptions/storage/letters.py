"""Rows of the ledger as letters, with what is true of their people now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.alert_words import placed
from services.subscriptions.domain.announcing import Channel, Kind, Language, Texts, Wording
from services.subscriptions.domain.letter import Letter, Matter
from services.subscriptions.storage.tables import (
    AnnouncementRow,
    DeliveryRow,
    IncidentRow,
    SubscriberRow,
    SubscriptionRow,
)
from services.subscriptions.storage.topics import scope_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an announcement may still go out."""

    state: str
    expires_at: datetime


async def rows(session: AsyncSession, delivery_ids: Sequence[int]) -> Sequence[Any]:
    """Return rows that wait, joined with their person (None: gone) and the topic that the person still has."""
    found = await session.execute(
        select(
            DeliveryRow.delivery_id,
            DeliveryRow.announcement_id,
            DeliveryRow.subscriber_id,
            DeliveryRow.channel,
            DeliveryRow.host,
            DeliveryRow.topic,
            DeliveryRow.attempts,
            DeliveryRow.uncertain,
            SubscriberRow.subscriber_id.label("person"),
            SubscriberRow.email,
            SubscriberRow.host.label("home"),
            SubscriberRow.email_state,
            SubscriberRow.push_endpoint,
            SubscriberRow.push_p256dh,
            SubscriberRow.push_auth,
            SubscriberRow.push_state,
            SubscriberRow.language,
            SubscriberRow.link_version,
            SubscriptionRow.topic.label("still"),
        )
        .outerjoin(SubscriberRow, SubscriberRow.subscriber_id == DeliveryRow.subscriber_id)
        .outerjoin(
            SubscriptionRow,
            and_(
                SubscriptionRow.topic == DeliveryRow.topic, SubscriptionRow.subscriber_id == DeliveryRow.subscriber_id
            ),
        )
        .where(DeliveryRow.delivery_id.in_(delivery_ids), DeliveryRow.state == "queued")
        .order_by(DeliveryRow.delivery_id)
    )
    return found.all()


async def standings(session: AsyncSession, announcement_ids: set[int]) -> dict[int, Standing]:
    """Return how announcements stand, and keep them so until this transaction ends.

    Otherwise an all-clear that is decided now would not know whom this transaction lets be told.
    """
    found = await session.execute(
        select(AnnouncementRow.announcement_id, AnnouncementRow.state, AnnouncementRow.expires_at)
        .where(AnnouncementRow.announcement_id.in_(announcement_ids))
        .with_for_update(read=True)
    )
    return {row.announcement_id: Standing(row.state, row.expires_at) for row in found}


async def still_concerned(session: AsyncSession, subscriber_id: int, topics: Sequence[str]) -> bool:
    """Say whether a person has one of these topics."""
    found = await session.scalars(
        select(SubscriptionRow.topic)
        .where(SubscriptionRow.subscriber_id == subscriber_id, SubscriptionRow.topic.in_(topics))
        .limit(1)
    )
    return found.first() is not None


async def matter(session: AsyncSession, announcement_id: int) -> Matter:
    """Return what an announcement says."""
    found = await session.execute(
        select(AnnouncementRow, IncidentRow)
        .join(IncidentRow, IncidentRow.incident_id == AnnouncementRow.incident_id)
        .where(AnnouncementRow.announcement_id == announcement_id)
    )
    announcement, incident = found.one()
    first = await session.scalar(
        select(func.min(AnnouncementRow.announcement_id)).where(
            AnnouncementRow.incident_id == incident.incident_id, AnnouncementRow.released_at.is_not(None)
        )
    )
    kind, texts = _kind(announcement.kind), _texts(announcement.texts)
    told_at = announcement.released_at or announcement.made_at
    scope = scope_of(incident.facts)
    return Matter(
        announcement_id=announcement_id,
        number=announcement.number,
        kind=kind,
        urgency=announcement.urgency,
        texts=placed(texts, scope, told_at=told_at) if scope and kind in ("alert", "update") else texts,
        expires_at=announcement.expires_at,
        released_at=told_at,
        incident_id=incident.incident_id,
        subject=incident.subject,
        facts=incident.facts,
        topics=tuple(incident.topics),
        first_announcement_id=first or announcement_id,
    )


def letter(row: Any, matter: Matter, channel: Channel, host: str) -> Letter:
    """Return the letter of a row, with those channels of the person that work."""
    email_works = row.email_state == "active"
    push_works = row.push_state == "active"
    return Letter(
        delivery_id=row.delivery_id,
        matter=matter,
        subscriber_id=row.subscriber_id,
        link_version=row.link_version,
        channel=channel,
        host=host,
        topic=row.topic,
        language=_language(row.language),
        email=row.email if email_works else None,
        push_endpoint=row.push_endpoint if push_works else None,
        push_p256dh=row.push_p256dh if push_works else None,
        push_auth=row.push_auth if push_works else None,
    )


def _texts(stored: dict[str, Any]) -> Texts:
    return {_language(name): Wording(words["headline"], words["body"]) for name, words in stored.items()}


def _language(stored: str) -> Language:
    match stored:
        case "en" | "plain":
            return stored
        case _:
            return "de"


def _kind(stored: str) -> Kind:
    match stored:
        case "update" | "all_clear" | "correction":
            return stored
        case _:
            return "alert"
