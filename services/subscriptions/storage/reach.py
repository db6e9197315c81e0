"""Who hears of a set of topics, counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain.reach import Reach, counted
from services.subscriptions.storage.tables import SubscriberRow, SubscriptionRow


async def of_topics(session: AsyncSession, topics: Sequence[str]) -> Reach:
    """Count the people with one of these topics by language and by the channel that a message would take now."""
    channel = channel_now()
    groups = await session.execute(
        select(SubscriberRow.language, channel, func.count())
        .where(SubscriberRow.subscriber_id.in_(_with_topic(topics)))
        .group_by(SubscriberRow.language, channel)
    )
    return counted((language, each, people) for language, each, people in groups)


def channel_now() -> ColumnElement[str]:
    """The preferred channel when it works, else the other, else none."""
    email = SubscriberRow.email_state == "active"
    push = SubscriberRow.push_state == "active"
    return case(
        (and_(push, SubscriberRow.channel == "push"), "push"),
        (email, "email"),
        (push, "push"),
        else_="none",
    )


def _with_topic(topics: Sequence[str]) -> Select[Any]:
    return select(SubscriptionRow.subscriber_id).distinct().where(SubscriptionRow.topic.in_(topics))
