"""People in numbers, incidents to tell them of, and ways out that answer as a test wants."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from chassis.clock import utc_now
from chassis.database import Database
from chassis.lease import Lease
from chassis.mailer import Outcome
from services.subscriptions.commands import expand
from services.subscriptions.domain.announcing import Announcement, Incident, Kind, Urgency, Wording
from services.subscriptions.domain.letter import Letter
from services.subscriptions.fanout import Fanout
from services.subscriptions.settings import SubscriptionsSettings
from services.subscriptions.storage import incidents
from services.subscriptions.storage.tables import AnnouncementRow, DeliveryRow, SubscriberRow, SubscriptionRow
from tests.support.eventually import eventually, running

TOPIC = "pool.freibad-tangerhuette"
ACCEPTED = Outcome("accepted", "250")


@dataclass(frozen=True)
class Person:
    """Whoever is told; without an address and endpoint nothing reaches them."""

    topics: Sequence[str] = (TOPIC,)
    host: str = "post.example"
    email: str = "active"
    push: str = "none"
    channel: str = "email"


async def people(database: Database, *persons: Person, first: int = 1) -> None:
    """Let these people be subscribers, numbered from `first`."""
    now = utc_now()
    numbered = list(enumerate(persons, first))
    async with database.transaction() as session:
        await session.execute(insert(SubscriberRow), [_subscriber(number, each, now) for number, each in numbered])
        await session.execute(
            insert(SubscriptionRow),
            [
                {"topic": topic, "subscriber_id": number, "since": now}
                for number, each in numbered
                for topic in each.topics
            ],
        )


def _subscriber(number: int, person: Person, now: datetime) -> dict[str, Any]:
    has_push = person.push != "none"
    has_email = person.email != "none"
    return {
        "subscriber_id": number,
        "email": f"eva.{number}@{person.host}" if has_email else None,
        "email_key": f"eva.{number}@{person.host}" if has_email else None,
        "host": person.host,
        "email_state": person.email,
        "push_endpoint": f"https://push.example/{number}" if has_push else None,
        "push_p256dh": "p" if has_push else None,
        "push_auth": "a" if has_push else None,
        "push_state": person.push,
        "channel": person.channel,
        "language": "de",
        "since": now,
        "link_version": 1,
    }


def news(
    kind: Kind = "alert", *, urgency: Urgency = Urgency.URGENT, held: bool = False, minutes: int = 60
) -> Announcement:
    texts = {"de": Wording("Bad geschlossen", "Wegen Gewitter."), "en": Wording("Pool closed", "Thunderstorm.")}
    expires_at = utc_now() + timedelta(minutes=minutes)
    return Announcement(kind, urgency, {"de": texts["de"], "en": texts["en"]}, "test", expires_at, held=held)


async def something_happens(
    database: Database, announcement: Announcement | None = None, *, topics: Sequence[str] = (TOPIC,)
) -> tuple[UUID, int]:
    """Begin an incident and announce it; return both ids."""
    now = utc_now()
    incident = Incident(uuid4(), f"alert:{uuid4()}", tuple(topics), {"reason": "thunderstorm"}, now)
    async with database.transaction() as session:
        await incidents.open_new(session, incident)
        number = await incidents.announce(session, incident.incident_id, announcement or news(), at=now)
    return incident.incident_id, number


async def it_goes_on(database: Database, incident_id: UUID, kind: Kind, *, over: bool = False) -> int:
    """Announce again; return the announcement's id."""
    async with database.transaction() as session:
        announcement_id = await incidents.announce(session, incident_id, news(kind), at=utc_now())
        if over:
            await incidents.end(session, incident_id, at=utc_now())
    return announcement_id


async def expand_all(database: Database, *, size: int = 2) -> int:
    """Write every expanding announcement into the ledger; return the number of pieces."""
    lease = Lease(database, name="fanout")
    assert await lease.take(at_once=True)
    pieces = 0
    while work := await expand.next_expanding(database):
        await expand.expand(work, database, lease, now=utc_now, size=size)
        pieces += 1
    await lease.release()
    return pieces


async def ledger_of(database: Database, announcement_id: int) -> list[DeliveryRow]:
    """The rows of one announcement, by person."""
    async with database.reading() as session:
        rows = await session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.announcement_id == announcement_id)
            .order_by(DeliveryRow.subscriber_id)
        )
        return list(rows)


async def told_of(database: Database, announcement_id: int) -> list[tuple[int, str, str]]:
    """Who is told on which channel, and how that stands."""
    return [(row.subscriber_id, row.channel, row.state) for row in await ledger_of(database, announcement_id)]


async def states(database: Database, announcement_id: int) -> Counter[str]:
    return Counter(row.state for row in await ledger_of(database, announcement_id))


async def let_be(database: Database, announcement_id: int, state: str, *, people: Sequence[int] | None = None) -> None:
    """Pretend that the sender had come so far."""
    condition = [] if people is None else [DeliveryRow.subscriber_id.in_(people)]
    async with database.transaction() as session:
        await session.execute(
            update(DeliveryRow).where(DeliveryRow.announcement_id == announcement_id, *condition).values(state=state)
        )


async def state_of(database: Database, announcement_id: int) -> str:
    async with database.reading() as session:
        row = await session.get_one(AnnouncementRow, announcement_id)
        return row.state


@dataclass
class Way:
    """A way out that answers by mail host, and remembers."""

    answers: dict[str, Callable[[Letter], Awaitable[Outcome]]] = field(
        default_factory=dict[str, Callable[[Letter], Awaitable[Outcome]]]
    )
    letters: list[Letter] = field(default_factory=list[Letter])
    at_once: Counter[str] = field(default_factory=Counter[str])
    most: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))

    async def hand_over(self, letter: Letter) -> Outcome:
        self.letters.append(letter)
        self.at_once[letter.host] += 1
        self.most[letter.host] = max(self.most[letter.host], self.at_once[letter.host])
        try:
            await asyncio.sleep(0)
            answer = self.answers.get(letter.host)
            return ACCEPTED if answer is None else await answer(letter)
        finally:
            self.at_once[letter.host] -= 1

    @property
    def people(self) -> list[int]:
        return [letter.subscriber_id for letter in self.letters]


def always(kind: str, reply: str, *, away: bool = False) -> Callable[[Letter], Awaitable[Outcome]]:
    async def answer(_letter: Letter) -> Outcome:
        return Outcome(kind, reply, relay_away=away)  # pyright: ignore[reportArgumentType] - the words of the test

    return answer


async def never(_letter: Letter) -> Outcome:
    """A host that takes the connection and says nothing."""
    await asyncio.sleep(3600)
    return ACCEPTED


def settings(tmp_path: Path, **given: Any) -> SubscriptionsSettings:
    (tmp_path / "key").write_text("k" * 40)
    return SubscriptionsSettings.model_validate(
        {"key_file": tmp_path / "key", "vapid_key_file": tmp_path / "vapid", **given}
    )


@dataclass
class Office:
    """A fan-out at work."""

    database: Database
    fanout: Fanout
    mail: Way
    push: Way

    async def done(self, announcement_id: int, *, seconds: float = 10) -> None:
        async def is_done() -> bool:
            return await state_of(self.database, announcement_id) == "done"

        self.fanout.wake()
        await eventually(is_done, seconds=seconds)


@asynccontextmanager
async def office(
    database: Database, tmp_path: Path, *, mail: Way | None = None, push: Way | None = None, **given: Any
) -> AsyncGenerator[Office]:
    ways = (mail or Way(), push or Way())
    fanout = Fanout(database, *ways, settings(tmp_path, **given), utc_now)
    async with running(fanout.loop()):
        yield Office(database, fanout, *ways)
