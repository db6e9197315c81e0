"""Announce an alert: a clerk's own, or one that another system has issued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import inbox
from chassis.clock import Clock
from chassis.database import Database
from contracts.base import CloudEvent
from contracts.intake import AlertIssued
from services.subscriptions.domain import alert_words, topics
from services.subscriptions.domain.alert_rules import SUBJECT, Refused, urgency_of
from services.subscriptions.domain.announcing import Announcement, Incident, Language, Texts, Urgency, Wording
from services.subscriptions.domain.reach import Reach, needs_second_person
from services.subscriptions.storage import announcements, incidents, reach
from services.subscriptions.storage.tables import IncidentRow

log = structlog.stdlib.get_logger()

DURABLE = "subscriptions-announcements"
_IDS = UUID("6a3f0d52-37a1-5b0e-9a43-2f1f0c6f7d10")


@dataclass(frozen=True, slots=True)
class AlertDesk:
    """What every command for alerts needs."""

    database: Database
    now: Clock
    places: tuple[str, ...]
    second_person_above: int
    wake: Callable[[], None]
    """Called after each commit that changed what is going out or what is shown."""


@dataclass(frozen=True, slots=True)
class AlertOrder:
    """An alert as it is to be told."""

    category: str
    areas: tuple[str, ...]
    texts: Texts
    valid_from: datetime
    valid_until: datetime
    by: str
    urgency: Urgency | None = None
    """None: as its category is."""


async def announce_alert(command_id: UUID, order: AlertOrder, *, desk: AlertDesk) -> int:
    """Announce it, or hold it for a second person; return the id. The same command twice is one announcement."""
    now = desk.now()
    async with desk.database.reading() as session:
        known = await announcements.made_by(session, command_id)
        concerned = await reach.of_topics(session, topics_of(order, desk))
    if known is not None:
        return known
    if order.valid_until <= now:
        raise Refused("past")
    async with desk.database.transaction() as session:
        made = None
        if not await announcements.claim(session, command_id, now=now):
            made = await announcements.made_by(session, command_id)
        if made is None:
            made = await _announce(session, command_id, order, concerned, desk, command_id)
    desk.wake()
    return made


async def take_over(event: CloudEvent[AlertIssued], *, desk: AlertDesk) -> None:
    """Announce what another system has issued; the same alert under two event ids is one incident."""
    order = _order(event.data)
    alert_id = event.data.alert_id
    async with desk.database.reading() as session:
        concerned = await reach.of_topics(session, topics_of(order, desk))
    async with desk.database.transaction() as session:
        if not await inbox.first_delivery(session, DURABLE, event):
            return
        if order.valid_until <= desk.now():
            log.info("alert.past", alert_id=str(alert_id))
            return
        if await session.get(IncidentRow, incident_of(alert_id)) is not None:
            return
        await _announce(session, alert_id, order, concerned, desk)
    desk.wake()


def topics_of(order: AlertOrder, desk: AlertDesk) -> tuple[str, ...]:
    """Return what an alert matches."""
    return topics.of_alert(order.category, order.areas, desk.places)


def facts_of(order: AlertOrder) -> dict[str, Any]:
    """Return what feeds and pages show of an alert."""
    return {
        "category": order.category,
        "areas": list(order.areas),
        "valid_from": order.valid_from.isoformat(),
        "valid_until": order.valid_until.isoformat(),
    }


def incident_of(alert_id: UUID) -> UUID:
    """Return the incident of an alert; one that a clerk has made has the id of the command."""
    return uuid5(_IDS, alert_id.hex)


def staff_matter_of(announcement_id: int) -> UUID:
    """Return the incident by which the approvers hear of a held announcement."""
    return uuid5(_IDS, f"staff|{announcement_id}")


async def _announce(
    session: AsyncSession,
    alert_id: UUID,
    order: AlertOrder,
    concerned: Reach,
    desk: AlertDesk,
    command_id: UUID | None = None,
) -> int:
    now = desk.now()
    held = needs_second_person(concerned, above=desk.second_person_above)
    incident = Incident(
        incident_id=incident_of(alert_id),
        subject=f"{SUBJECT}{alert_id}",
        topics=topics_of(order, desk),
        facts=facts_of(order),
        began_at=now,
    )
    await incidents.open_new(session, incident)
    announcement = Announcement(
        kind="alert",
        urgency=urgency_of(order.category, order.urgency),
        texts=order.texts,
        made_by=order.by,
        expires_at=order.valid_until,
        held=held,
        command_id=command_id,
    )
    announcement_id = await incidents.announce(session, incident.incident_id, announcement, at=now)
    if held:
        await ask_approvers(session, announcement_id, announcement, people=concerned.people, at=now)
    return announcement_id


async def ask_approvers(
    session: AsyncSession, announcement_id: int, held: Announcement, *, people: int, at: datetime
) -> None:
    """Tell those who may release it that an announcement waits."""
    matter = Incident(
        incident_id=staff_matter_of(announcement_id),
        subject=f"staff:{topics.APPROVERS}",
        topics=(topics.of_staff(topics.APPROVERS),),
        facts={"awaiting": announcement_id},
        began_at=at,
        public=False,
    )
    await incidents.open_new(session, matter)
    words = alert_words.awaiting_release(held.texts, people=people, until=held.expires_at)
    asked = Announcement(
        kind="alert", urgency=Urgency.URGENT, texts=words, made_by=held.made_by, expires_at=held.expires_at
    )
    await incidents.announce(session, matter.incident_id, asked, at=at)


def _order(alert: AlertIssued) -> AlertOrder:
    texts: dict[Language, Wording] = {"de": Wording(alert.headline_de, alert.text_de)}
    if alert.headline_en and alert.text_en:
        texts["en"] = Wording(alert.headline_en, alert.text_en)
    return AlertOrder(
        category=alert.category,
        areas=alert.areas,
        texts=texts,
        valid_from=alert.valid_from,
        valid_until=alert.valid_until,
        by=alert.reported_by,
    )
