"""What goes wrong around the fan-out: answers of the database that are lost, a relay that stays away, dead channels."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import utc_now
from chassis.database import Database
from chassis.errors import DependencyDown
from chassis.mailer import Outcome
from chassis.metrics import REGISTRY
from services.subscriptions.domain.letter import Letter
from services.subscriptions.storage.tables import DeliveryRow, SubscriberRow
from tests.subscriptions.said import subscriptions_at
from tests.subscriptions.telling import (
    ACCEPTED,
    Person,
    Way,
    always,
    expand_all,
    it_goes_on,
    ledger_of,
    news,
    office,
    people,
    something_happens,
    states,
    told_of,
)
from tests.support.eventually import eventually

EXPIRED = "rathaus_deliveries_expired_total"
RELAY_UP = "rathaus_mail_relay_up"


class Forgetful(Database):
    """Commits a transaction that takes letters out, and once loses the answer to that, as a broken line does."""

    armed = True

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        async with super().transaction() as session:
            yield session
        if self.armed and await self._has_taken_out():
            self.armed = False
            raise DependencyDown("database")

    async def _has_taken_out(self) -> bool:
        async with self.reading() as session:
            found = await session.scalars(
                select(DeliveryRow.delivery_id).where(DeliveryRow.state == "sending").limit(1)
            )
            return found.first() is not None


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


def value(counter: str) -> float:
    return REGISTRY.get_sample_value(counter) or 0.0


async def test_a_commit_whose_answer_is_lost_leaves_nobody_untold(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 50)
    forgetful = Forgetful(database.url)

    async with office(forgetful, tmp_path) as fanout:
        _, announcement = await something_happens(database)
        await fanout.done(announcement)
    await forgetful.close()

    assert not forgetful.armed
    assert sorted(fanout.mail.people) == list(range(1, 51))
    assert {(row.state, row.uncertain) for row in await ledger_of(database, announcement)} == {("sent", 0)}


async def test_what_expires_while_the_relay_is_away_is_counted_then_and_not_later(
    database: Database, tmp_path: Path
) -> None:
    await people(database, *[Person()] * 30)
    before = value(EXPIRED)
    soon = replace(news(), expires_at=utc_now() + timedelta(seconds=1))
    mail = Way({"post.example": always("deferred", "no connection", away=True)})

    async with office(database, tmp_path, mail=mail) as fanout:
        _, lasting = await something_happens(database)
        _, short = await something_happens(database, soon)
        await fanout.done(short, seconds=15)

    assert (await states(database, short), value(EXPIRED) - before) == ({"expired": 30}, 30)
    assert await states(database, lasting) == {"queued": 30}


async def test_a_relay_that_is_away_counts_as_away_between_two_looks_too(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 5)
    mail = Way({"post.example": silent})

    async with office(database, tmp_path, mail=mail) as fanout:
        await eventually(lambda: relay_is(1))
        _, announcement = await something_happens(database)
        fanout.fanout.wake()
        await eventually(lambda: relay_is(0))
        seen = {await sampled() for _ in range(60)}
        mail.answers.clear()
        await fanout.done(announcement, seconds=20)
        await eventually(lambda: relay_is(1))

    assert seen == {0.0}


async def silent(_letter: Letter) -> Outcome:
    await asyncio.sleep(0.8)
    return Outcome("deferred", "time-out", relay_away=True)


async def relay_is(up: int) -> bool:
    return REGISTRY.get_sample_value(RELAY_UP) == up


async def sampled() -> float | None:
    await asyncio.sleep(0.05)
    return REGISTRY.get_sample_value(RELAY_UP)


async def test_who_is_told_on_another_channel_stands_in_the_lane_of_that(database: Database, tmp_path: Path) -> None:
    await people(database, Person(push="active", channel="push"), Person(push="active"))
    _, announcement = await something_happens(database)
    await expand_all(database)
    await lose(database, person=1, push_state="gone")
    await lose(database, person=2, email_state="bounced")

    async with office(database, tmp_path) as fanout:
        await fanout.done(announcement)

    assert [letter.host for letter in (*fanout.mail.letters, *fanout.push.letters)] == ["post.example", "push"]


async def test_an_all_clear_finds_those_whose_channel_has_died_meanwhile(database: Database, tmp_path: Path) -> None:
    both = Person(push="active", channel="push")
    await people(database, both, both, Person(push="active"), Person(push="active"))
    push, mail = Way(), Way()

    async with office(database, tmp_path, mail=mail, push=push) as fanout:
        incident, alert = await something_happens(database)
        await fanout.done(alert)
        await lose(database, person=1, push_state="gone")
        await lose(database, person=3, email_state="bounced")
        push.answers["push"] = only(2, "410 gone")
        mail.answers["post.example"] = only(4, "550 5.1.1")
        all_clear = await it_goes_on(database, incident, "all_clear", over=True)
        await fanout.done(all_clear)

    assert [channel for _, channel, _ in await told_of(database, alert)] == ["push", "push", "email", "email"]
    assert await told_of(database, all_clear) == [
        (1, "email", "sent"),
        (2, "email", "sent"),
        (3, "push", "sent"),
        (4, "push", "sent"),
    ]


def only(person: int, reply: str) -> Callable[[Letter], Awaitable[Outcome]]:
    """Refuse what is for one person."""
    refused = always("refused", reply)

    async def answer(letter: Letter) -> Outcome:
        return await refused(letter) if letter.subscriber_id == person else ACCEPTED

    return answer


async def lose(database: Database, *, person: int, **state: str) -> None:
    async with database.transaction() as session:
        await session.execute(update(SubscriberRow).where(SubscriberRow.subscriber_id == person).values(**state))


async def test_stopping_leaves_no_error_unheard(database: Database, tmp_path: Path) -> None:
    heard: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: heard.append(str(context["message"])))

    async with office(database, tmp_path) as fanout:
        await people(database, Person())
        _, announcement = await something_happens(database)
        await fanout.done(announcement)
    gc.collect()

    assert heard == []


async def test_a_letter_that_is_not_wanted_says_nothing_of_the_address(database: Database, tmp_path: Path) -> None:
    await people(database, Person())
    mail = Way({"post.example": always("refused", "550 5.7.1")})

    async with office(database, tmp_path, mail=mail) as fanout:
        _, announcement = await something_happens(database)
        await fanout.done(announcement)

    async with database.reading() as session:
        person = await session.get_one(SubscriberRow, 1)
    assert (await states(database, announcement), person.email_state) == ({"failed": 1}, "active")


async def test_what_comes_too_late_is_dropped_and_counted(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 3)
    _, announcement = await something_happens(database, news(minutes=-1))
    before = value(EXPIRED)

    async with office(database, tmp_path) as fanout:
        await fanout.done(announcement)

    assert (await states(database, announcement), value(EXPIRED) - before) == ({"expired": 3}, 3)
    assert fanout.mail.letters == []
