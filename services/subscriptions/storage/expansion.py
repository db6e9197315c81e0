"""Whom an announcement is told, written into the ledger piece by piece. Everything in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.dialect import insert_if_absent
from chassis.tables import UtcDateTime
from services.subscriptions.domain.outcomes import PUSH_HOST
from services.subscriptions.storage.tables import (
    AnnouncementRow,
    DeliveryRow,
    IncidentRow,
    SubscriberRow,
    SubscriptionRow,
)

REACHED = ("sent", "sending")
"""A row that is being handed over may have reached its person; so may one whose fate a kill has left open."""


@dataclass(frozen=True, slots=True)
class Expanding:
    """An announcement that is on its way into the ledger."""

    announcement_id: int
    urgency: int
    topics: tuple[str, ...]
    earlier: tuple[int, ...]
    """The announcements of the incident before this one."""
    only_reached: bool
    """All-clear, or the correction of a matter that never was: nobody else needs to hear of it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The people from one id to another."""

    work: Expanding
    first: int
    last: int

    def holds(self, column: Any) -> ColumnElement[bool]:
        return column.between(self.first, self.last)


async def next_expanding(session: AsyncSession) -> Expanding | None:
    """Return the most urgent announcement that is not in the ledger yet."""
    found = await session.execute(
        select(AnnouncementRow, IncidentRow)
        .join(IncidentRow, IncidentRow.incident_id == AnnouncementRow.incident_id)
        .where(AnnouncementRow.state == "expanding")
        .order_by(AnnouncementRow.urgency, AnnouncementRow.announcement_id)
        .limit(1)
    )
    row = found.first()
    if row is None:
        return None
    announcement, incident = row
    earlier = await session.scalars(
        select(AnnouncementRow.announcement_id).where(
            AnnouncementRow.incident_id == incident.incident_id, AnnouncementRow.number < announcement.number
        )
    )
    over = incident.ended_at is not None
    return Expanding(
        announcement_id=announcement.announcement_id,
        urgency=announcement.urgency,
        topics=tuple(incident.topics),
        earlier=tuple(earlier),
        only_reached=announcement.kind == "all_clear" or (announcement.kind == "correction" and over),
    )


async def expand(session: AsyncSession, work: Expanding, *, size: int, at: datetime) -> bool:
    """Write the next people, out of `size` ids, into the ledger; False when there is nobody left."""
    locked = await session.execute(
        select(AnnouncementRow.state, AnnouncementRow.reached_up_to)
        .where(AnnouncementRow.announcement_id == work.announcement_id)
        .with_for_update()
    )
    state, upto = locked.one()
    if state != "expanding":
        return False
    highest = await session.scalar(select(func.max(SubscriberRow.subscriber_id))) or 0
    written = 0
    while upto < highest and not written:
        part = _Part(work, upto + 1, upto + size)
        written = await _write(session, part, at)
        upto = part.last
    going_on = upto < highest
    await session.execute(
        update(AnnouncementRow)
        .where(AnnouncementRow.announcement_id == work.announcement_id)
        .values(reached_up_to=upto, state="expanding" if going_on else "sending")
    )
    return going_on


async def _write(session: AsyncSession, part: _Part, at: datetime) -> int:
    """Those reached before first, on the channel that reached them: the others then find them there."""
    choices: Sequence[Select[*tuple[Any, ...]]] = (
        *([_reached_again(part, at)] if part.work.earlier else []),
        *([] if part.work.only_reached else [_concerned(part, at)]),
    )
    written = 0
    for people in choices:
        names = [column.name for column in people.selected_columns]
        result = await session.execute(insert_if_absent(session, DeliveryRow).from_select(names, people))
        written += cast("CursorResult[Any]", result).rowcount
    return written


def _topics(part: _Part) -> Subquery:
    return (
        select(SubscriptionRow.subscriber_id, func.min(SubscriptionRow.topic).label("topic"))
        .where(SubscriptionRow.topic.in_(part.work.topics), part.holds(SubscriptionRow.subscriber_id))
        .group_by(SubscriptionRow.subscriber_id)
        .subquery()
    )


def _concerned(part: _Part, at: datetime) -> Select[*tuple[Any, ...]]:
    topics = _topics(part)
    channel = _channel(SubscriberRow.channel)
    return (
        _rows(part, at, channel=channel, topic=topics.c.topic, state=_state(channel))
        .join(topics, topics.c.subscriber_id == SubscriberRow.subscriber_id)
        .where(part.holds(SubscriberRow.subscriber_id))
    )


def _reached_again(part: _Part, at: datetime) -> Select[*tuple[Any, ...]]:
    """Whoever has left all topics meanwhile hears no more; the ledger says so."""
    latest = (
        select(DeliveryRow.subscriber_id, func.max(DeliveryRow.delivery_id).label("delivery_id"))
        .where(
            DeliveryRow.announcement_id.in_(part.work.earlier),
            part.holds(DeliveryRow.subscriber_id),
            or_(DeliveryRow.state.in_(REACHED), DeliveryRow.uncertain > 0),
        )
        .group_by(DeliveryRow.subscriber_id)
        .subquery()
    )
    before = aliased(DeliveryRow)
    topics = _topics(part)
    channel = _channel(before.channel)
    state = case((topics.c.topic.is_(None), "unsubscribed"), else_=_state(channel))
    return (
        _rows(part, at, channel=channel, topic=func.coalesce(topics.c.topic, before.topic), state=state)
        .join(latest, latest.c.subscriber_id == SubscriberRow.subscriber_id)
        .join(before, before.delivery_id == latest.c.delivery_id)
        .outerjoin(topics, topics.c.subscriber_id == SubscriberRow.subscriber_id)
        .where(part.holds(SubscriberRow.subscriber_id))
    )


def _rows(
    part: _Part, at: datetime, *, channel: ColumnElement[str], topic: ColumnElement[str], state: ColumnElement[str]
) -> Select[*tuple[Any, ...]]:
    # A person with both channels has the mail host in this column.
    push_host = case((SubscriberRow.email.is_(None), SubscriberRow.host), else_=PUSH_HOST)
    host = case((channel == "push", push_host), else_=SubscriberRow.host)
    return select(
        literal(part.work.announcement_id).label("announcement_id"),
        SubscriberRow.subscriber_id.label("subscriber_id"),
        channel.label("channel"),
        func.coalesce(host, "").label("host"),
        literal(part.work.urgency).label("urgency"),
        topic.label("topic"),
        state.label("state"),
        literal(0).label("attempts"),
        literal(0).label("uncertain"),
        literal(at, UtcDateTime()).label("next_try_at"),
    ).select_from(SubscriberRow)


def _channel(wanted: Any) -> ColumnElement[str]:
    """The wanted channel if it works, else the other, else none."""
    email = SubscriberRow.email_state == "active"
    push = SubscriberRow.push_state == "active"
    return case((and_(push, wanted == "push"), "push"), (email, "email"), (push, "push"), else_="none")


def _state(channel: ColumnElement[str]) -> ColumnElement[str]:
    return case((channel == "none", "unreachable"), else_="queued")
