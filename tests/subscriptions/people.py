"""People for tests: a registry on an empty database, what was written to them, and incidents to tell them of."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from chassis.database import Database
from chassis.mail_tables import OutgoingMail
from services.subscriptions import queries_subscribers as queries
from services.subscriptions.commands.confirm import confirm
from services.subscriptions.commands.sign_up import Wish, sign_up
from services.subscriptions.commands.subscribe_push import subscribe_push
from services.subscriptions.domain import consent
from services.subscriptions.domain.announcing import Announcement, Incident, Language, Texts, Urgency, Wording
from services.subscriptions.domain.links import Click, sign_click
from services.subscriptions.storage import incidents
from services.subscriptions.storage.registry import Registry
from services.subscriptions.storage.subscribers import Push
from services.subscriptions.storage.tables import ConsentRow, DeliveryRow, SubscriberRow
from services.subscriptions.storage.topics import read_topics
from tests.subscriptions.said import NOON, subscriptions_at

KEY = b"a key for tests that is long enough."
POOL_TOPIC = "pool.freibad-tangerhuette"
ROADS = "matter.road_closed"
GRIEBEN = "place.grieben"
EVA = "Eva.Muster@Example.com"
HOSTS = ("updates.push.services.mozilla.com", "*.notify.windows.com", "127.0.0.1:9999")


@dataclass
class Clock:
    """A clock that the test moves."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Town:
    """The registry and its clock."""

    registry: Registry
    clock: Clock = field(default_factory=Clock)

    @property
    def database(self) -> Database:
        return self.registry.database

    async def mails(self) -> list[EmailMessage]:
        """What was written, the oldest first."""
        async with self.database.reading() as session:
            rows = await session.scalars(select(OutgoingMail).order_by(OutgoingMail.recorded_at))
            return [parsed(row.content) for row in rows]

    async def rows(self, table: type[Any]) -> Sequence[Any]:
        async with self.database.reading() as session:
            return (await session.scalars(select(table))).all()

    async def preferences(self, token: str) -> queries.Json:
        async with self.database.reading() as session:
            return await queries.preferences(session, self.registry, token)

    async def unsubscribing(self, token: str) -> queries.Json:
        async with self.database.reading() as session:
            return await queries.unsubscribing(session, self.registry, token)

    async def signup(self, token: str) -> queries.Json:
        async with self.database.reading() as session:
            return await queries.signup(session, self.registry, token)

    async def log(self) -> list[tuple[str, str, list[str]]]:
        """The log of consents."""
        rows = sorted(await self.rows(ConsentRow), key=lambda row: row.consent_id)
        return [(row.action, row.way, row.topics) for row in rows]

    async def subscribed(self, *topics: str, email: str = EVA, language: Language = "de") -> str:
        """Somebody has signed up and confirmed; returns the token of the preferences."""
        before = len(await self.mails())
        await sign_up(self.registry, email, wish(*topics, language=language))
        return await confirm(self.registry, token_in((await self.mails())[before:][0]))

    async def with_browser(self, *topics: str, push: Push | None = None, preferences: str | None = None) -> str:
        return await subscribe_push(self.registry, push or a_browser(), wish(*topics), preferences=preferences)

    async def person(self) -> SubscriberRow:
        """The only one there is."""
        (row,) = await self.rows(SubscriberRow)
        return row

    async def told(self, *topics: str, state: str = "queued") -> tuple[str, int]:
        """The only person is told of something; returns the token to unsubscribe and the delivery's id."""
        person = await self.person()
        incident = Incident(uuid4(), f"alert:{uuid4()}", topics, {}, NOON)
        words: Texts = {"de": Wording("Straße gesperrt", "Bis Freitag."), "en": Wording("Road closed", "Until Friday.")}
        news = Announcement("alert", Urgency.NORMAL, words, "rathaus", NOON + timedelta(days=1))
        async with self.database.transaction() as session:
            await incidents.open_new(session, incident)
            announcement_id = await incidents.announce(session, incident.incident_id, news, at=NOON)
            row = delivery(announcement_id, person, topic=topics[0], state=state)
            session.add(row)
            await session.flush()
            delivery_id = row.delivery_id
        return sign_click(KEY, Click(person.subscriber_id, person.link_version, announcement_id)), delivery_id

    async def states(self) -> list[tuple[str, str]]:
        """Channel and state of each delivery."""
        rows = sorted(await self.rows(DeliveryRow), key=lambda row: row.delivery_id)
        return [(row.channel, row.state) for row in rows]


def delivery(announcement_id: int, person: SubscriberRow, *, topic: str, state: str) -> DeliveryRow:
    return DeliveryRow(
        announcement_id=announcement_id,
        subscriber_id=person.subscriber_id,
        channel=person.channel,
        host=person.host,
        urgency=1,
        topic=topic,
        state=state,
        attempts=0,
        uncertain=0,
        next_try_at=NOON,
    )


@asynccontextmanager
async def town_at(url: str) -> AsyncGenerator[Town]:
    """Open an empty database of subscriptions, with mails."""
    async with subscriptions_at(url) as database:
        clock = Clock()
        sender = "Stadt Tangerhütte <meldungen@tangerhuette.example>"
        names = ("Stadt Tangerhütte", "https://rathaus.example/", sender)
        registry = Registry(database, KEY, read_topics(), *names, HOSTS, 300, clock)
        yield Town(registry, clock)


def wish(*topics: str, language: Language = "de", text_version: str = consent.CURRENT) -> Wish:
    return Wish(topics or (POOL_TOPIC,), language, text_version)


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(mail: EmailMessage) -> str:
    """The only link of a mail, beside imprint and privacy."""
    found = re.findall(r"https?://\S+", text_of(mail))
    (link,) = (each for each in found if not each.endswith(("/impressum", "/datenschutz")))
    return link


def token_in(mail: EmailMessage) -> str:
    return link_in(mail).rpartition("/")[2]


def a_browser(number: int = 1, *, host: str = "updates.push.services.mozilla.com") -> Push:
    """A browser that listens; its keys depend on its number only."""
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Push(f"https://{host}/wpush/v2/{number}", base64url(raw), base64url(number.to_bytes(16, "big")))


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
