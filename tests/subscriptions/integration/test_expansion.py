"""Whom an announcement is told, on both databases."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import delete

from chassis.clock import utc_now
from chassis.database import Database
from chassis.lease import Lease
from services.subscriptions.commands import expand
from services.subscriptions.storage.ledger import LeaseLostError
from services.subscriptions.storage.tables import SubscriptionRow
from tests.subscriptions.said import subscriptions_at
from tests.subscriptions.telling import (
    TOPIC,
    Person,
    expand_all,
    it_goes_on,
    ledger_of,
    let_be,
    news,
    people,
    something_happens,
    state_of,
    told_of,
)

GRIEBEN = "place.grieben"


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


async def test_each_person_is_told_once_although_several_topics_match(database: Database) -> None:
    both, other = Person((TOPIC, GRIEBEN)), Person(("place.uetz",))
    await people(database, both, Person(), other, Person((GRIEBEN,)))

    _, announcement = await something_happens(database, topics=(TOPIC, GRIEBEN))
    pieces = await expand_all(database)

    rows = await ledger_of(database, announcement)
    assert [(row.subscriber_id, row.topic) for row in rows] == [(1, GRIEBEN), (2, TOPIC), (4, GRIEBEN)]
    assert {(row.state, row.attempts, row.urgency) for row in rows} == {("queued", 0, 0)}
    assert (pieces, await state_of(database, announcement)) == (2, "sending")


@pytest.mark.parametrize(
    ("person", "channel", "host", "state"),
    [
        (Person(), "email", "post.example", "queued"),
        (Person(push="active", channel="push"), "push", "push", "queued"),
        (Person(push="gone", channel="push"), "email", "post.example", "queued"),
        (Person(email="bounced", push="active"), "push", "push", "queued"),
        (Person(email="none", push="active", channel="push", host="p.example"), "push", "p.example", "queued"),
        (Person(email="bounced"), "none", "post.example", "unreachable"),
    ],
)
async def test_the_channel_is_the_preferred_one_if_it_works(
    database: Database, person: Person, channel: str, host: str, state: str
) -> None:
    await people(database, person)

    _, announcement = await something_happens(database)
    await expand_all(database)

    (row,) = await ledger_of(database, announcement)
    assert (row.channel, row.host, row.state) == (channel, host, state)


async def test_gaps_between_people_end_nothing(database: Database) -> None:
    await people(database, Person(), Person())
    await people(database, Person(), first=500)

    _, announcement = await something_happens(database)
    await expand_all(database)

    assert [person for person, _, _ in await told_of(database, announcement)] == [1, 2, 500]


async def test_an_all_clear_follows_those_who_may_have_been_reached(database: Database) -> None:
    await people(database, *[Person(push="active")] * 5)
    incident, alert = await something_happens(database)
    await expand_all(database)
    await let_be(database, alert, "sent", people=[1])
    await let_be(database, alert, "sending", people=[2])
    await let_be(database, alert, "failed", people=[3])
    await let_be(database, alert, "expired", people=[4])

    all_clear = await it_goes_on(database, incident, "all_clear", over=True)
    await expand_all(database)

    assert await told_of(database, all_clear) == [(1, "email", "queued"), (2, "email", "queued")]
    assert await state_of(database, alert) == "superseded"


async def test_news_follow_on_the_channel_that_reached(database: Database) -> None:
    await people(database, Person(push="active", channel="push"), Person(push="active", channel="push"))
    incident, alert = await something_happens(database)
    await expand_all(database)
    await let_be(database, alert, "sent")
    (first, _) = await ledger_of(database, alert)
    async with database.transaction() as session:
        first.channel = "email"
        await session.merge(first)

    update = await it_goes_on(database, incident, "update")
    await expand_all(database)

    assert await told_of(database, update) == [(1, "email", "queued"), (2, "push", "queued")]


async def test_an_update_is_for_those_too_whom_nothing_has_reached(database: Database) -> None:
    await people(database, Person())
    incident, _ = await something_happens(database)
    await expand_all(database)
    await people(database, Person(), first=2)

    update = await it_goes_on(database, incident, "update")
    await expand_all(database)

    assert [person for person, _, _ in await told_of(database, update)] == [1, 2]


@pytest.mark.parametrize(("over", "told"), [(True, [1]), (False, [1, 2])])
async def test_a_correction_that_ends_the_matter_is_for_those_reached(
    database: Database, over: bool, told: list[int]
) -> None:
    await people(database, Person(), Person())
    incident, alert = await something_happens(database)
    await expand_all(database)
    await let_be(database, alert, "sent", people=[1])

    correction = await it_goes_on(database, incident, "correction", over=over)
    await expand_all(database)

    assert [person for person, _, _ in await told_of(database, correction)] == told


async def test_whoever_has_unsubscribed_meanwhile_hears_no_more(database: Database) -> None:
    await people(database, Person(), Person())
    incident, alert = await something_happens(database)
    await expand_all(database)
    await let_be(database, alert, "sent")
    async with database.transaction() as session:
        await session.execute(delete(SubscriptionRow).where(SubscriptionRow.subscriber_id == 1))

    all_clear = await it_goes_on(database, incident, "all_clear", over=True)
    await expand_all(database)

    assert await told_of(database, all_clear) == [(1, "email", "unsubscribed"), (2, "email", "queued")]


async def test_what_is_superseded_stops_expanding(database: Database) -> None:
    await people(database, *[Person()] * 6)
    incident, alert = await something_happens(database)
    lease = Lease(database, name="fanout")
    assert await lease.take(at_once=True)
    work = await expand.next_expanding(database)
    assert work is not None
    assert await expand.expand(work, database, lease, now=utc_now, size=2)
    await it_goes_on(database, incident, "update")

    went_on = await expand.expand(work, database, lease, now=utc_now, size=2)

    assert not went_on
    assert len(await ledger_of(database, alert)) == 2


async def test_what_is_held_is_told_nobody_and_stops_nothing(database: Database) -> None:
    await people(database, Person())

    _, held = await something_happens(database, news(held=True))
    await expand_all(database)

    assert (await told_of(database, held), await state_of(database, held)) == ([], "held")


async def test_whoever_has_lost_the_lease_writes_nothing(database: Database) -> None:
    await people(database, Person())
    _, announcement = await something_happens(database)
    late, other = Lease(database, name="fanout"), Lease(database, name="fanout")
    await late.take(at_once=True)
    await other.take(at_once=True)
    work = await expand.next_expanding(database)
    assert work is not None

    with pytest.raises(LeaseLostError):
        await expand.expand(work, database, late, now=utc_now)

    assert await told_of(database, announcement) == []
