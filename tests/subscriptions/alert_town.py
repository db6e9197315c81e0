"""Staff and citizens around alerts: the desk, people with topics, what the ledger says, and the HTTP side."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select

from chassis.database import Database
from chassis.health import Health
from chassis.http import make_app
from chassis.settings import ServiceSettings
from services.subscriptions.api import announcements, news
from services.subscriptions.commands.announce_alert import AlertDesk, AlertOrder, announce_alert
from services.subscriptions.domain.announcing import Wording
from services.subscriptions.domain.envelope import House
from services.subscriptions.storage.tables import (
    AnnouncementRow,
    DeliveryRow,
    IncidentRow,
    SubscriberRow,
    SubscriptionRow,
)
from services.subscriptions.storage.topics import TopicList
from tests.subscriptions.said import NOON

KEY = b"only for tests, 32 bytes or more"
PLACES = ("grieben", "bittkau")
HOUSE = House("Stadt Tangerhütte", "meldungen@tangerhuette.example", "https://rathaus.example")
TOPICS = TopicList({"freibad": "Freibad"}, {"grieben": "Grieben", "bittkau": "Bittkau"})
JSON = dict[str, Any]


@dataclass
class AlertTown:
    """A database with a clock that tests move; `woken` counts how often the loops were woken."""

    database: Database
    at: datetime = NOON
    second_person_above: int = 2
    woken: list[datetime] = field(default_factory=list[datetime])

    def desk(self) -> AlertDesk:
        return AlertDesk(
            database=self.database,
            now=lambda: self.at,
            places=PLACES,
            second_person_above=self.second_person_above,
            wake=lambda: self.woken.append(self.at),
        )

    async def person(
        self, *topics: str, email: str = "active", push: str = "none", channel: str = "email", language: str = "de"
    ) -> int:
        """Somebody with these topics, since a day ago."""
        async with self.database.transaction() as session:
            row = SubscriberRow(
                host="mail.example",
                email_state=email,
                push_state=push,
                channel=channel,
                language=language,
                since=self.at,
                link_version=1,
            )
            session.add(row)
            await session.flush()
            for topic in topics:
                session.add(
                    SubscriptionRow(topic=topic, subscriber_id=row.subscriber_id, since=self.at - timedelta(days=1))
                )
            return row.subscriber_id

    async def people(self, count: int, *topics: str) -> list[int]:
        return [await self.person(*topics) for _ in range(count)]

    async def announced(self, **changes: Any) -> AnnouncementRow:
        """An alert for Grieben by the device of the town clerk."""
        made = await announce_alert(uuid4(), an_order(**changes), desk=self.desk())
        return await self.announcement(made)

    async def announcement(self, announcement_id: int) -> AnnouncementRow:
        async with self.database.reading() as session:
            return await session.get_one(AnnouncementRow, announcement_id)

    async def announcements(self) -> Sequence[AnnouncementRow]:
        """Everything that is public, in order."""
        async with self.database.reading() as session:
            rows = await session.scalars(
                select(AnnouncementRow)
                .join(IncidentRow, IncidentRow.incident_id == AnnouncementRow.incident_id)
                .where(IncidentRow.public)
                .order_by(AnnouncementRow.announcement_id)
            )
            return rows.all()

    async def incident(self, incident_id: UUID) -> IncidentRow:
        async with self.database.reading() as session:
            return await session.get_one(IncidentRow, incident_id)

    async def staff_matters(self) -> Sequence[IncidentRow]:
        async with self.database.reading() as session:
            return (await session.scalars(select(IncidentRow).where(~IncidentRow.public))).all()

    async def done(self, announcement_id: int, *, made_at: datetime) -> None:
        """Everything of this announcement is out, since long."""
        async with self.database.transaction() as session:
            row = await session.get_one(AnnouncementRow, announcement_id)
            row.state, row.made_at = "done", made_at

    async def ledger(self) -> Sequence[int]:
        """The announcement of each row."""
        async with self.database.reading() as session:
            return (await session.scalars(select(DeliveryRow.announcement_id))).all()

    async def delivered(self, announcement_id: int, subscriber_id: int, **changes: Any) -> None:
        """A row of the ledger."""
        values: JSON = {
            "channel": "email",
            "host": "mail.example",
            "urgency": 1,
            "topic": "place.grieben",
            "state": "sent",
            "attempts": 1,
            "uncertain": 0,
            "next_try_at": self.at,
            "handed_at": self.at,
            "reply": None,
        }
        async with self.database.transaction() as session:
            session.add(DeliveryRow(announcement_id=announcement_id, subscriber_id=subscriber_id, **(values | changes)))


def an_order(**changes: Any) -> AlertOrder:
    values: JSON = {
        "category": "other",
        "areas": ("grieben",),
        "texts": {"de": Wording("Kein Wasser", "In Grieben gibt es bis 15 Uhr kein Wasser.")},
        "valid_from": NOON,
        "valid_until": NOON + timedelta(hours=3),
        "by": "rathaus-1",
    }
    return AlertOrder(**(values | changes))


def a_request(**changes: Any) -> JSON:
    """The same as the portal sends it."""
    values: JSON = {
        "category": "utility_outage",
        "areas": ["grieben"],
        "texts": {"de": {"headline": "Kein Wasser", "body": "In Grieben gibt es bis 15 Uhr kein Wasser."}},
        "valid_from": NOON.isoformat(),
        "valid_until": (NOON + timedelta(hours=3)).isoformat(),
        "by": "rathaus-1",
    }
    return values | changes


@asynccontextmanager
async def portal_of(town: AlertTown, folder: Path) -> AsyncGenerator[httpx.AsyncClient]:
    """The portal at the door of the service."""
    tokens = folder / "tokens"
    tokens.mkdir()
    (tokens / "from-portal").write_text("of-the-portal\n")
    health = Health()
    health.started = True
    routes = [
        *announcements.routes(town.desk(), house=HOUSE, topics=TOPICS),
        *news.routes(town.database, key=KEY, topics=TOPICS, now=lambda: town.at),
    ]
    app = make_app(ServiceSettings(tokens_dir=tokens), health, routes)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://subscriptions",
        headers={"authorization": "Bearer of-the-portal"},
    ) as client:
        yield client
