"""Erasing people (Art. 17 DSGVO): those who ask for it, and those of whom there is nothing left to keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.mail_tables import OutgoingMail
from services.subscriptions.storage import subscribers
from services.subscriptions.storage.tables import ConsentRow, DeliveryRow, SubscriberRow, SubscriptionRow


async def erase(session: AsyncSession, row: SubscriberRow) -> None:
    """Delete a person and all mails to them that have not left; the ledger keeps numbers, no mail host."""
    subscriber_id, email_key = row.subscriber_id, row.email_key
    await session.execute(delete(SubscriptionRow).where(SubscriptionRow.subscriber_id == subscriber_id))
    await subscribers.stop_unwanted(session, subscriber_id, set())
    # What is on its way this moment gets its result by its id.
    await session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.subscriber_id == subscriber_id, DeliveryRow.state != "sending")
        .values(host="")
    )
    await session.execute(delete(SubscriberRow).where(SubscriberRow.subscriber_id == subscriber_id))
    if email_key is not None:
        await session.execute(
            update(OutgoingMail)
            .where(func.lower(OutgoingMail.recipient) == email_key, OutgoingMail.state.in_(("queued", "sending")))
            .values(state="expired", recipient="", host="", content=b"")
        )


async def needless(session: AsyncSession, *, left_before: datetime, silent_since: datetime, most: int) -> Sequence[int]:
    """Return people who have ended their last topic, or whom no channel has reached, for so long."""
    found = await session.scalars(
        select(SubscriberRow.subscriber_id).where(_is_needless(left_before, silent_since)).limit(most)
    )
    return found.all()


async def erase_needless(
    session: AsyncSession, subscriber_id: int, *, left_before: datetime, silent_since: datetime
) -> bool:
    """Erase one of them, unless the person has just come back."""
    if await subscribers.held(session, subscriber_id) is None:
        return False
    row = await session.scalar(
        select(SubscriberRow).where(
            SubscriberRow.subscriber_id == subscriber_id, _is_needless(left_before, silent_since)
        )
    )
    if row is None:
        return False
    await erase(session, row)
    return True


def _is_needless(left_before: datetime, silent_since: datetime) -> ColumnElement[bool]:
    person = SubscriberRow.subscriber_id
    has_topics = exists().where(SubscriptionRow.subscriber_id == person)
    lately = exists().where(ConsentRow.subscriber_id == person, ConsentRow.at >= left_before)
    unreachable = and_(SubscriberRow.email_state != "active", SubscriberRow.push_state != "active")
    tried = exists().where(
        DeliveryRow.subscriber_id == person, DeliveryRow.channel != "none", DeliveryRow.next_try_at >= silent_since
    )
    return or_(and_(~has_topics, ~lately), and_(unreachable, ~tried))
