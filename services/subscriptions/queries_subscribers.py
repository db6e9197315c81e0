"""What people see of their own matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.address import masked
from services.subscriptions.domain.announcing import Language, worded
from services.subscriptions.domain.links import click_of, signup_of
from services.subscriptions.domain.refusal import old_link
from services.subscriptions.storage import announcements, consents, signups, subscribers
from services.subscriptions.storage.registry import Registry
from services.subscriptions.storage.tables import (
    AnnouncementRow,
    ConsentRow,
    DeliveryRow,
    SignupRow,
    SubscriberRow,
)

Json = dict[str, Any]
NEWEST = 20


def topics(registry: Registry) -> list[Json]:
    """Return all topics that people can choose."""
    return [
        {"topic": each.topic, "group": each.group, "name": dict(each.name), "place": each.place}
        for each in registry.topics.public
    ]


async def signup(session: AsyncSession, registry: Registry, token: str) -> Json:
    """Return what a confirmation link would confirm; looking changes nothing."""
    row = await signups.of_id(session, signup_of(registry.key, token))
    if row is None:
        raise old_link()
    return {
        "email_masked": masked(row.email),
        "topics": row.topics,
        "language": row.language,
        "state": _signup_state(row, registry.now()),
    }


async def preferences(session: AsyncSession, registry: Registry, token: str) -> Json:
    """Return all that we hold of a person (Art. 15 DSGVO)."""
    row = await subscribers.of_token(session, registry.key, token)
    if row is None:
        raise old_link()
    return {
        "email_masked": None if row.email is None else masked(row.email),
        "email_state": row.email_state,
        "push_state": row.push_state,
        "channel": row.channel,
        "language": row.language,
        "topics": sorted(await subscribers.topics_of(session, row.subscriber_id)),
        "since": row.since.isoformat(),
        "consents": [_consent(each) for each in await consents.of_person(session, row.subscriber_id)],
        "received": await _received(session, row),
    }


async def unsubscribing(session: AsyncSession, registry: Registry, token: str) -> Json:
    """Return what the link of a mail would end, or has ended; looking changes nothing."""
    click = click_of(registry.key, token)
    row = await session.get(SubscriberRow, click.subscriber_id)
    if row is None:
        return {"topics": [], "language": "de", "done": True}
    concerned = set(await subscribers.matching(session, click.announcement_id))
    open_ones = sorted(concerned & await subscribers.topics_of(session, row.subscriber_id))
    ended = consents.removed_by(await consents.of_click(session, row.subscriber_id, click.announcement_id))
    return {"topics": open_ones or ended, "language": row.language, "done": not open_ones}


def _signup_state(row: SignupRow, now: datetime) -> str:
    if row.confirmed_at is not None:
        return "confirmed"
    return "expired" if row.expires_at <= now else "open"


def _consent(row: ConsentRow) -> Json:
    return {
        "at": row.at.isoformat(),
        "action": row.action,
        "way": row.way,
        "text_version": row.text_version,
        "topics": row.topics,
    }


async def _received(session: AsyncSession, row: SubscriberRow) -> Sequence[Json]:
    found = await session.execute(
        select(DeliveryRow, AnnouncementRow)
        .join(AnnouncementRow, AnnouncementRow.announcement_id == DeliveryRow.announcement_id)
        .where(DeliveryRow.subscriber_id == row.subscriber_id)
        .order_by(DeliveryRow.delivery_id.desc())
        .limit(NEWEST)
    )
    language = cast("Language", row.language)
    return [_message(delivery, announcement, language) for delivery, announcement in found]


def _message(delivery: DeliveryRow, announcement: AnnouncementRow, language: Language) -> Json:
    return {
        "incident": str(announcement.incident_id),
        "headline": worded(announcements.said(announcement), language).headline,
        "kind": announcement.kind,
        "at": (delivery.handed_at or announcement.made_at).isoformat(),
        "channel": delivery.channel,
        "state": delivery.state,
        "topic": delivery.topic,
    }
