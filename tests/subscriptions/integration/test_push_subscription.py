"""Browsers subscribe, alone or for somebody who has an address too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from services.subscriptions.commands.subscribe_push import subscribe_push
from services.subscriptions.domain.refusal import Refusal
from services.subscriptions.storage.tables import SubscriberRow
from tests.subscriptions.people import POOL_TOPIC, ROADS, Town, a_browser, town_at, wish

STAFF = "staff.freibad-tangerhuette"


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with town_at(database_url) as ready:
        yield ready


async def test_a_browser_subscribes_without_an_address(town: Town) -> None:
    token = await town.with_browser(POOL_TOPIC)

    shown = await town.preferences(token)
    assert (shown["email_masked"], shown["push_state"], shown["channel"]) == (None, "active", "push")
    assert (await town.person()).host == "updates.push.services.mozilla.com"
    assert await town.log() == [("granted", "push", [POOL_TOPIC])]


async def test_the_same_browser_again_or_at_once_is_the_same_person(town: Town) -> None:
    tokens = {*await asyncio.gather(*(town.with_browser(POOL_TOPIC) for _ in range(4)))}

    tokens.add(await town.with_browser(ROADS))

    (token,) = tokens
    assert (await town.preferences(token))["topics"] == [ROADS, POOL_TOPIC]


async def test_whoever_has_only_heard_of_an_endpoint_gets_no_link(town: Town) -> None:
    await town.with_browser(POOL_TOPIC)
    stranger = replace(a_browser(2), endpoint=a_browser(1).endpoint)

    with pytest.raises(Refusal):
        await town.with_browser(POOL_TOPIC, push=stranger)


async def test_a_browser_joins_somebody_with_an_address_and_brings_its_topics(town: Town) -> None:
    await town.with_browser(ROADS)
    token = await town.subscribed(POOL_TOPIC)

    await town.with_browser(POOL_TOPIC, preferences=token)

    shown = await town.preferences(token)
    assert (shown["topics"], shown["channel"]) == ([ROADS, POOL_TOPIC], "push")
    assert (shown["email_masked"], shown["email_state"], shown["push_state"]) == ("E…@example.com", "active", "active")
    assert len(await town.rows(SubscriberRow)) == 1


async def test_topics_of_the_own_people_need_the_portals_word(town: Town) -> None:
    with pytest.raises(Refusal):
        await subscribe_push(town.registry, a_browser(), wish(STAFF))
    with pytest.raises(Refusal):
        await subscribe_push(town.registry, a_browser(), wish("staff.nowhere"), staff=True)

    token = await subscribe_push(town.registry, a_browser(), wish(STAFF), staff=True)

    assert (await town.preferences(token))["topics"] == [STAFF]


async def test_an_endpoint_elsewhere_or_keys_that_are_none_are_refused(town: Town) -> None:
    browser = a_browser()
    wrong = [
        replace(browser, endpoint="https://intranet.example/x"),
        replace(browser, p256dh="x" * 87),
        replace(browser, auth="AAAA"),
    ]

    for each in wrong:
        with pytest.raises(Refusal):
            await town.with_browser(POOL_TOPIC, push=each)

    assert await town.rows(SubscriberRow) == []
