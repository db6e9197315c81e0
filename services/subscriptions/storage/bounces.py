"""What a mail that came back changes."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.outcomes import PUSH_HOST
from services.subscriptions.storage import subscribers
from services.subscriptions.storage.tables import DeliveryRow, SubscriberRow


async def person_of(session: AsyncSession, delivery_id: int) -> SubscriberRow | None:
    """Return whom a message was sent to; None when the person is gone."""
    subscriber_id = await session.scalar(
        select(DeliveryRow.subscriber_id).where(DeliveryRow.delivery_id == delivery_id, DeliveryRow.channel == "email")
    )
    return None if subscriber_id is None else await subscribers.held(session, subscriber_id)


async def stop_mail(session: AsyncSession, row: SubscriberRow) -> None:
    """Write to this address no more; what waits for it goes by push, or nowhere."""
    row.email_state = "bounced"
    reachable = row.push_state == "active"
    other = {"channel": "push", "host": PUSH_HOST} if reachable else {"channel": "none", "state": "unreachable"}
    await session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.subscriber_id == row.subscriber_id,
            DeliveryRow.state == "queued",
            DeliveryRow.channel == "email",
        )
        .values(**other)
    )
