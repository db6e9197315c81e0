"""People and their topics as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.subscriptions.domain import links
from services.subscriptions.domain.address import Address
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.push_address import host_of
from services.subscriptions.storage.tables import (
    AnnouncementRow,
    DeliveryRow,
    IncidentRow,
    SubscriberRow,
    SubscriptionRow,
)


@dataclass(frozen=True, slots=True)
class Push:
    """Where a browser listens, and its keys."""

    endpoint: str
    p256dh: str
    auth: str


def preferences_token(key: bytes, row: SubscriberRow) -> str:
    """Return what lets a person see and change what we hold."""
    return links.sign_preferences(key, row.subscriber_id, row.link_version)


async def of_token(session: AsyncSession, key: bytes, token: str, *, lock: bool = False) -> SubscriberRow | None:
    """Return the person whose preferences a link opens; None when it opens nothing."""
    subject = links.preferences_of(key, token)
    return None if subject is None else await of_link(session, *subject, lock=lock)


async def of_link(
    session: AsyncSession, subscriber_id: int, link_version: int, *, lock: bool = False
) -> SubscriberRow | None:
    """Return a person unless links of this version have been made invalid; `lock` to change the row."""
    row = await (held(session, subscriber_id) if lock else session.get(SubscriberRow, subscriber_id))
    return row if row is not None and row.link_version == link_version else None


async def held(session: AsyncSession, subscriber_id: int) -> SubscriberRow | None:
    """Return a person; nobody else changes the row until this transaction ends."""
    return await session.scalar(
        select(SubscriberRow).where(SubscriberRow.subscriber_id == subscriber_id).with_for_update()
    )


async def with_email(session: AsyncSession, email_key: str) -> SubscriberRow | None:
    """Return the person with an address."""
    return await session.scalar(select(SubscriberRow).where(SubscriberRow.email_key == email_key).with_for_update())


async def with_endpoint(session: AsyncSession, endpoint: str) -> SubscriberRow | None:
    """Return the person with a push endpoint."""
    return await session.scalar(select(SubscriberRow).where(SubscriberRow.push_endpoint == endpoint).with_for_update())


async def confirmed(session: AsyncSession, address: Address, language: Language, *, now: datetime) -> SubscriberRow:
    """Return the person with an address that has proved to work; made if there was none."""
    await session.execute(insert_if_absent(session, SubscriberRow).values(**new_person(address, language, now)))
    row = await with_email(session, address.key)
    if row is None:
        message = "a row that was just inserted is there"
        raise LookupError(message)
    row.email, row.host, row.email_state, row.language = address.text, address.host, "active", language
    if row.push_state != "active":
        row.channel = "email"
    return row


def new_person(address: Address, language: Language, now: datetime) -> dict[str, object]:
    """Return the values of a row for somebody who is told by e-mail."""
    return {
        "email": address.text,
        "email_key": address.key,
        "host": address.host,
        "email_state": "active",
        "push_state": "none",
        "channel": "email",
        "language": language,
        "since": now,
        "link_version": 1,
    }


async def listening(session: AsyncSession, push: Push, language: Language, *, now: datetime) -> SubscriberRow:
    """Return the person whose browser listens at an endpoint; made if there was none."""
    first = insert_if_absent(session, SubscriberRow).values(
        push_endpoint=push.endpoint,
        push_p256dh=push.p256dh,
        push_auth=push.auth,
        host=host_of(push.endpoint),
        email_state="none",
        push_state="active",
        channel="push",
        language=language,
        since=now,
        link_version=1,
    )
    await session.execute(first)
    row = await with_endpoint(session, push.endpoint)
    if row is None:
        message = "a row that was just inserted is there"
        raise LookupError(message)
    return row


async def topics_of(session: AsyncSession, subscriber_id: int) -> set[str]:
    """Return what a person wants to hear of."""
    rows = await session.scalars(select(SubscriptionRow.topic).where(SubscriptionRow.subscriber_id == subscriber_id))
    return set(rows)


async def add_topics(session: AsyncSession, subscriber_id: int, topics: Iterable[str], *, now: datetime) -> list[str]:
    """Add what is not there yet, and return it."""
    added = sorted(set(topics) - await topics_of(session, subscriber_id))
    if added:
        rows = [{"topic": topic, "subscriber_id": subscriber_id, "since": now} for topic in added]
        await session.execute(insert_if_absent(session, SubscriptionRow), rows)
    return added


async def remove_topics(session: AsyncSession, subscriber_id: int, topics: Iterable[str]) -> list[str]:
    """Remove what is there, return it, and stop the messages that the person then no longer wants."""
    kept = await topics_of(session, subscriber_id)
    removed = sorted(kept & set(topics))
    if removed:
        await session.execute(
            delete(SubscriptionRow).where(
                SubscriptionRow.subscriber_id == subscriber_id, SubscriptionRow.topic.in_(removed)
            )
        )
        await stop_unwanted(session, subscriber_id, kept - set(removed))
    return removed


async def stop_unwanted(session: AsyncSession, subscriber_id: int, topics: set[str]) -> None:
    """Stop what waits for a person who has only these topics now."""
    waiting = await session.execute(
        select(DeliveryRow.delivery_id, IncidentRow.topics)
        .join(AnnouncementRow, AnnouncementRow.announcement_id == DeliveryRow.announcement_id)
        .join(IncidentRow, IncidentRow.incident_id == AnnouncementRow.incident_id)
        .where(DeliveryRow.subscriber_id == subscriber_id, DeliveryRow.state == "queued")
    )
    unwanted = [delivery_id for delivery_id, concerned in waiting if topics.isdisjoint(concerned)]
    if unwanted:
        await session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.delivery_id.in_(unwanted), DeliveryRow.state == "queued")
            .values(state="unsubscribed")
        )


async def matching(session: AsyncSession, announcement_id: int) -> Sequence[str]:
    """Return the topics of the incident that an announcement told of."""
    found = await session.scalar(
        select(IncidentRow.topics)
        .join(AnnouncementRow, AnnouncementRow.incident_id == IncidentRow.incident_id)
        .where(AnnouncementRow.announcement_id == announcement_id)
    )
    return found or []
