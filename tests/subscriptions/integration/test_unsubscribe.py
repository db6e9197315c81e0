"""One click in a mail ends what the mail was about, and can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from services.subscriptions.commands.forget import forget_person
from services.subscriptions.commands.unsubscribe import undo, unsubscribe
from services.subscriptions.domain import link_token
from services.subscriptions.domain.refusal import Refusal
from tests.subscriptions.people import GRIEBEN, POOL_TOPIC, ROADS, Town, town_at


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with town_at(database_url) as ready:
        yield ready


async def test_one_click_ends_all_that_matched_and_nothing_else(town: Town) -> None:
    preferences = await town.subscribed(POOL_TOPIC, ROADS, GRIEBEN)
    token, _ = await town.told(ROADS, GRIEBEN, "matter.road_closed.grieben")
    seen = await town.unsubscribing(token)

    done = await unsubscribe(town.registry, token)

    assert (seen["topics"], seen["done"]) == ([ROADS, GRIEBEN], False)
    assert (done.removed, done.preferences) == ([ROADS, GRIEBEN], preferences)
    assert (await town.preferences(preferences))["topics"] == [POOL_TOPIC]
    assert (await town.log())[-1] == ("withdrawn", "one_click", [ROADS, GRIEBEN])
    assert [state for _, state in await town.states()] == ["unsubscribed"]


async def test_looking_at_the_link_ends_nothing(town: Town) -> None:
    preferences = await town.subscribed(ROADS)
    token, _ = await town.told(ROADS)

    for _ in range(3):
        assert not (await town.unsubscribing(token))["done"]

    assert (await town.preferences(preferences))["topics"] == [ROADS]


async def test_clicking_often_or_at_once_is_logged_once(town: Town) -> None:
    await town.subscribed(ROADS, POOL_TOPIC)
    token, _ = await town.told(ROADS)

    answers = [*await asyncio.gather(*(unsubscribe(town.registry, token) for _ in range(4)))]

    assert [each.removed for each in answers] == [[ROADS]] * 4
    assert len(await town.log()) == 2
    assert await town.unsubscribing(token) == {"topics": [ROADS], "language": "de", "done": True}


async def test_undo_gives_back_exactly_what_the_click_took(town: Town) -> None:
    preferences = await town.subscribed(POOL_TOPIC, ROADS)
    token, _ = await town.told(ROADS, GRIEBEN)
    other, _ = await town.told(POOL_TOPIC)
    await unsubscribe(town.registry, token)
    await unsubscribe(town.registry, other)

    given_back = [await undo(town.registry, token) for _ in range(2)]

    assert given_back == [[ROADS], [ROADS]]
    assert (await town.preferences(preferences))["topics"] == [ROADS]
    assert (await town.log())[-1] == ("granted", "one_click", [ROADS])
    assert len(await town.log()) == 4


async def test_everything_can_be_ended_at_once_and_taken_back(town: Town) -> None:
    preferences = await town.subscribed(POOL_TOPIC, ROADS, GRIEBEN)
    token, _ = await town.told(ROADS)
    await unsubscribe(town.registry, token)

    done = await unsubscribe(town.registry, token, everything=True)
    ended = (await town.preferences(preferences))["topics"]
    await undo(town.registry, token)

    assert (done.removed, ended) == ([ROADS, GRIEBEN, POOL_TOPIC], [])
    assert (await town.preferences(preferences))["topics"] == [ROADS, GRIEBEN, POOL_TOPIC]


async def test_nothing_is_given_back_that_was_not_taken(town: Town) -> None:
    await town.subscribed(ROADS)
    token, _ = await town.told(GRIEBEN)

    assert await undo(town.registry, token) == []
    assert (await unsubscribe(town.registry, token)).removed == []
    assert len(await town.log()) == 1


async def test_the_link_of_somebody_who_was_erased_is_answered_calmly(town: Town) -> None:
    preferences = await town.subscribed(ROADS)
    token, _ = await town.told(ROADS)
    await forget_person(town.registry, preferences)

    done = await unsubscribe(town.registry, token)

    assert (done.removed, done.preferences) == ([], "")
    assert (await town.unsubscribing(token))["done"]


async def test_a_link_for_something_else_ends_nothing(town: Town) -> None:
    preferences = await town.subscribed(ROADS)

    for token in (preferences, link_token.sign(b"another key", "unsubscribe", "1:1:1")):
        with pytest.raises(Refusal):
            await unsubscribe(town.registry, token)

    assert (await town.preferences(preferences))["topics"] == [ROADS]
