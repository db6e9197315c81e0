"""From the announcement to the answer of each server, on both databases; the servers are scripted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import delete, update

from chassis.database import Database
from chassis.mailer import Outcome
from chassis.metrics import REGISTRY
from chassis.tables import RelayLease
from services.subscriptions.commands.window import IN_FLIGHT
from services.subscriptions.domain.announcing import Urgency
from services.subscriptions.domain.letter import Letter
from services.subscriptions.storage.tables import AnnouncementRow, SubscriberRow, SubscriptionRow
from tests.subscriptions.said import subscriptions_at
from tests.subscriptions.telling import (
    ACCEPTED,
    Person,
    Way,
    always,
    expand_all,
    it_goes_on,
    ledger_of,
    let_be,
    news,
    office,
    people,
    something_happens,
    state_of,
    states,
)
from tests.support.eventually import eventually

UNCERTAIN = "rathaus_deliveries_uncertain_total"


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


def value(counter: str) -> float:
    return REGISTRY.get_sample_value(counter) or 0.0


async def test_everybody_is_told_once(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 700, *[Person(push="active", channel="push")] * 50)

    async with office(database, tmp_path) as fanout:
        _, announcement = await something_happens(database)
        await fanout.done(announcement)

    assert sorted(fanout.mail.people) == list(range(1, 701))
    assert sorted(fanout.push.people) == list(range(701, 751))
    rows = await ledger_of(database, announcement)
    assert {(row.state, row.attempts, row.uncertain, row.reply) for row in rows} == {("sent", 1, 0, "250")}
    assert all(row.handed_at is not None for row in rows)


async def test_the_first_letter_leaves_at_once(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 10)

    async with office(database, tmp_path) as fanout:
        await asyncio.sleep(0.2)
        _, announcement = await something_happens(database)
        started = monotonic()
        fanout.fanout.wake()
        await eventually(lambda: has_sent(fanout.mail, 1))
        seconds = monotonic() - started
        await fanout.done(announcement)

    assert seconds < 0.5


async def has_sent(way: Way, number: int) -> bool:
    return len(way.letters) >= number


async def test_urgent_news_overtake_bulk(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person(("place.uetz",), host=f"h{number % 20}.example") for number in range(3000)])
    await people(database, *[Person()] * 20, first=5000)

    async with office(database, tmp_path) as fanout:
        _, bulk = await something_happens(database, news(urgency=Urgency.BULK), topics=["place.uetz"])
        fanout.fanout.wake()
        await eventually(lambda: has_sent(fanout.mail, 300))
        _, urgent = await something_happens(database)
        fanout.fanout.wake()
        before = len(fanout.mail.letters)
        await fanout.done(urgent)
        await fanout.done(bulk, seconds=30)

    last_urgent = max(place for place, person in enumerate(fanout.mail.people) if person >= 5000)
    assert last_urgent - before < 1500
    assert len(set(fanout.mail.people)) == 3020


async def test_an_address_that_is_none_is_not_written_to_again(database: Database, tmp_path: Path) -> None:
    await people(database, Person(), Person(push="active"))
    mail = Way({"post.example": always("refused", "550 5.1.1")})

    async with office(database, tmp_path, mail=mail) as fanout:
        _, announcement = await something_happens(database)
        await fanout.done(announcement)

    rows = await ledger_of(database, announcement)
    assert [(row.channel, row.state, row.reply) for row in rows] == [
        ("email", "failed", "550 5.1.1"),
        ("push", "sent", "250"),
    ]
    async with database.reading() as session:
        assert [(await session.get_one(SubscriberRow, each)).email_state for each in (1, 2)] == ["bounced", "bounced"]


async def test_a_browser_that_is_gone_is_told_by_mail(database: Database, tmp_path: Path) -> None:
    await people(database, Person(push="active", channel="push"))
    push = Way({"push": always("refused", "410 gone")})

    async with office(database, tmp_path, push=push) as fanout:
        _, announcement = await something_happens(database)
        await fanout.done(announcement)

    (row,) = await ledger_of(database, announcement)
    assert (row.channel, row.host, row.state, row.attempts) == ("email", "post.example", "sent", 2)
    async with database.reading() as session:
        assert (await session.get_one(SubscriberRow, 1)).push_state == "gone"


async def test_who_is_gone_has_left_or_has_expired_is_not_told(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 4)
    _, announcement = await something_happens(database)
    await expand_all(database)
    async with database.transaction() as session:
        await session.execute(delete(SubscriptionRow).where(SubscriptionRow.subscriber_id.in_([1, 2])))
        await session.execute(delete(SubscriberRow).where(SubscriberRow.subscriber_id == 1))
        await session.execute(
            update(SubscriberRow).where(SubscriberRow.subscriber_id == 3).values(email_state="bounced")
        )

    async with office(database, tmp_path) as fanout:
        await fanout.done(announcement)

    assert [row.state for row in await ledger_of(database, announcement)] == [
        "unsubscribed",
        "unsubscribed",
        "unreachable",
        "sent",
    ]
    assert fanout.mail.people == [4]


async def test_news_replace_what_still_waits(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 20)
    incident, alert = await something_happens(database)
    await expand_all(database)
    await let_be(database, alert, "sent", people=range(1, 6))

    all_clear = await it_goes_on(database, incident, "all_clear", over=True)
    async with office(database, tmp_path) as fanout:
        await fanout.done(all_clear)

    assert await states(database, alert) == {"sent": 5, "superseded": 15}
    assert sorted(fanout.mail.people) == [1, 2, 3, 4, 5]


async def test_what_a_killed_process_was_handing_over_goes_out_again_and_is_counted(
    database: Database, tmp_path: Path
) -> None:
    await people(database, *[Person()] * 10)
    _, announcement = await something_happens(database)
    await expand_all(database)
    await let_be(database, announcement, "sending", people=[1, 2])
    before = value(UNCERTAIN)
    await give_the_lease_back(database)

    async with office(database, tmp_path) as fanout:
        await fanout.done(announcement)

    assert [row.uncertain for row in await ledger_of(database, announcement)] == [1, 1, *[0] * 8]
    assert value(UNCERTAIN) - before == 2


async def give_the_lease_back(database: Database) -> None:
    """On PostgreSQL the successor of a killed process waits for its lease to run out; no test needs to."""
    async with database.transaction() as session:
        await session.execute(update(RelayLease).values(expires_at=0.0))


async def test_stopping_lets_arrive_what_is_on_its_way(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person()] * 200)
    on_its_way = asyncio.Event()

    async def takes_its_time(_letter: Letter) -> Outcome:
        on_its_way.set()
        await asyncio.sleep(0.2)
        return ACCEPTED

    async with office(database, tmp_path, mail=Way({"post.example": takes_its_time})) as fanout:
        _, announcement = await something_happens(database)
        fanout.fanout.wake()
        await on_its_way.wait()

    found = await states(database, announcement)
    assert found["sending"] == 0
    assert found["sent"] == len(fanout.mail.letters)
    assert found["queued"] == 200 - found["sent"]


async def test_two_processes_do_not_tell_anybody_twice(database: Database, tmp_path: Path) -> None:
    if database.is_sqlite:
        pytest.skip("a file has one process")
    await people(database, *[Person()] * 500)

    async with office(database, tmp_path) as one, office(database, tmp_path) as other:
        _, announcement = await something_happens(database)
        other.fanout.wake()
        await one.done(announcement)

    assert sorted(one.mail.people + other.mail.people) == list(range(1, 501))


async def test_never_more_than_the_window_is_on_its_way(database: Database, tmp_path: Path) -> None:
    await people(database, *[Person(host=f"h{number % 50}.example") for number in range(800)])
    most = 0

    async with office(database, tmp_path) as fanout:
        _, announcement = await something_happens(database)
        fanout.fanout.wake()
        while await state_of(database, announcement) != "done":
            most = max(most, (await states(database, announcement))["sending"])
            await asyncio.sleep(0.02)

    assert 0 < most <= IN_FLIGHT
    async with database.reading() as session:
        assert (await session.get_one(AnnouncementRow, announcement)).reached_up_to >= 800
