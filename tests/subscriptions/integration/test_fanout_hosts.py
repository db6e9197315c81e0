"""Mail hosts and a relay that hang, put off or are away, on both databases: the others do not notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from chassis.clock import utc_now
from chassis.database import Database
from chassis.mailer import Outcome
from services.subscriptions.domain.letter import Letter
from services.subscriptions.domain.retry import DELAYS
from tests.subscriptions.said import subscriptions_at
from tests.subscriptions.telling import (
    ACCEPTED,
    Person,
    Way,
    always,
    ledger_of,
    never,
    office,
    people,
    something_happens,
    states,
)
from tests.support.eventually import eventually

SLOW = "slow.example"
FINE = "fine.example"


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


async def test_a_host_that_hangs_holds_up_nobody(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person(host=SLOW)] * 300, *[Person(host=FINE)] * 600)
    mail = Way({SLOW: never})

    async with office(database, tmp_path, mail=mail) as fanout:
        _, announcement = await something_happens(database)
        fanout.fanout.wake()
        await eventually(lambda: all_sent(database, announcement, 600))
        slow = [letter for letter in mail.letters if letter.host == SLOW]

    assert len(slow) <= 4


async def all_sent(database: Database, announcement: int, number: int) -> bool:
    return (await states(database, announcement))["sent"] == number


async def test_a_host_that_begins_to_hang_gives_its_places_back(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person(host=SLOW)] * 400, *[Person(host=FINE)] * 50)
    heard = 0

    async def hangs_later(letter: Letter) -> Outcome:
        nonlocal heard
        heard += 1
        return ACCEPTED if heard < 100 else await never(letter)

    async with office(database, tmp_path, mail=Way({SLOW: hangs_later})) as fanout:
        _, announcement = await something_happens(database)
        fanout.fanout.wake()
        await eventually(lambda: is_being_sent(database, announcement, at_most=4))

    assert heard <= 104


async def is_being_sent(database: Database, announcement: int, *, at_most: int) -> bool:
    found = await states(database, announcement)
    return found["sent"] >= 149 and found["sending"] <= at_most


@pytest.mark.parametrize("reply", ["451 4.7.1", "421", "time-out"])
async def test_a_host_that_is_not_ready_is_tried_later_and_holds_up_nobody(
    database: Database, tmp_path: Path, reply: str
) -> None:
    await people(database, *[Person(host=SLOW)] * 40, *[Person(host=FINE)] * 100)
    mail = Way({SLOW: always("deferred", reply)})

    async with office(database, tmp_path, mail=mail) as fanout:
        _, announcement = await something_happens(database)
        fanout.fanout.wake()
        await eventually(lambda: all_sent(database, announcement, 100))
        await eventually(lambda: has_tried(database, announcement))

    rows = [row for row in await ledger_of(database, announcement) if row.host == SLOW and row.attempts]
    assert {(row.state, row.attempts, row.reply) for row in rows} == {("queued", 1, reply)}
    assert all(0 < (row.next_try_at - utc_now()).total_seconds() <= DELAYS[0].total_seconds() for row in rows)


async def has_tried(database: Database, announcement: int) -> bool:
    return any(row.host == SLOW and row.attempts for row in await ledger_of(database, announcement))


async def test_greylisting_asks_for_each_mailbox_once(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person(host=SLOW)] * 60)

    async with office(database, tmp_path, mail=Way({SLOW: always("deferred", "451 4.7.1")})) as fanout:
        await something_happens(database)
        fanout.fanout.wake()
        await eventually(lambda: has_sent(fanout.mail, 60), seconds=5)

    assert sorted(fanout.mail.people) == list(range(1, 61))
    assert fanout.mail.most[SLOW] <= 4


async def test_no_host_gets_more_at_once_than_it_is_allowed(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person(host=FINE)] * 300)

    async def takes_its_time(_letter: Letter) -> Outcome:
        await asyncio.sleep(0.002)
        return ACCEPTED

    async with office(database, tmp_path, mail=Way({FINE: takes_its_time}), mail_per_host=3) as fanout:
        _, announcement = await something_happens(database)
        await fanout.done(announcement)

    assert fanout.mail.most[FINE] == 3


async def test_a_relay_that_is_away_is_nobodys_failure(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 30, *[Person(email="none", push="active", channel="push")] * 5)
    away = always("deferred", "no connection", away=True)
    mail = Way({"post.example": away})

    async with office(database, tmp_path, mail=mail) as fanout:
        _, announcement = await something_happens(database)
        fanout.fanout.wake()
        await eventually(lambda: all_sent(database, announcement, 5))
        await eventually(lambda: has_sent(mail, 1))
        heard = len(mail.letters)
        mail.answers.clear()
        await fanout.done(announcement)

    assert heard <= 32
    assert {(row.state, row.attempts) for row in await ledger_of(database, announcement)} == {("sent", 1)}


async def has_sent(way: Way, number: int) -> bool:
    return len(way.letters) >= number
