"""The dry run counts exactly those whom the ledger then holds, each once, on the channel that they get."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from itertools import product

import pytest
from sqlalchemy import select

from services.subscriptions.storage import expansion, reach
from services.subscriptions.storage.tables import DeliveryRow
from tests.subscriptions.alert_town import AlertTown
from tests.subscriptions.said import NOON, subscriptions_at

TOPICS = ("matter.other", "matter.other.grieben", "place.grieben")


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[AlertTown]:
    async with subscriptions_at(database_url) as database:
        yield AlertTown(database, second_person_above=100)


async def everybody(town: AlertTown) -> None:
    """People in all states, with none, one or several matching topics."""
    for email, push, channel in product(("none", "active", "bounced"), ("none", "active", "gone"), ("email", "push")):
        await town.person("place.grieben", "matter.other", email=email, push=push, channel=channel)
        await town.person("matter.other.grieben", email=email, push=push, channel=channel, language="en")
        await town.person("place.bittkau", "pool.grieben", email=email, push=push, channel=channel)


async def test_whom_it_counts_is_whom_it_reaches(town: AlertTown) -> None:
    await everybody(town)

    async with town.database.reading() as session:
        counted = await reach.of_topics(session, TOPICS)
    made = await town.announced()
    async with town.database.transaction() as session:
        work = await expansion.next_expanding(session)
        assert work is not None
        while await expansion.expand(session, work, size=1000, at=NOON):
            pass

    async with town.database.reading() as session:
        rows = await session.scalars(
            select(DeliveryRow.channel).where(DeliveryRow.announcement_id == made.announcement_id)
        )
        held = Counter(rows)
    assert (counted.people, counted.by_language) == (36, {"de": 18, "en": 18, "plain": 0})
    assert held == {**counted.by_channel, "none": counted.without_channel}


async def test_nobody_with_the_topic_is_a_reach_of_nobody(town: AlertTown) -> None:
    await town.people(1, "place.bittkau")

    async with town.database.reading() as session:
        counted = await reach.of_topics(session, TOPICS)

    assert (counted.people, counted.without_channel, counted.by_channel) == (0, 0, {"email": 0, "push": 0})
