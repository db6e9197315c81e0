"""A mail that came back stops the address, and what waits for it goes another way."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from services.subscriptions.commands.change_preferences import Choice, change_preferences
from services.subscriptions.commands.forget import forget_person
from services.subscriptions.commands.take_bounce import take_bounce
from services.subscriptions.domain import link_token
from tests.subscriptions.bounces import report
from tests.subscriptions.people import KEY, POOL_TOPIC, ROADS, Town, town_at, wish


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with town_at(database_url) as ready:
        yield ready


def token_for(delivery_id: int) -> str:
    return link_token.sign(KEY, "bounce", str(delivery_id))


async def test_a_permanent_failure_stops_the_address_at_once(town: Town) -> None:
    preferences = await town.subscribed(POOL_TOPIC)
    _, delivery_id = await town.told(POOL_TOPIC, state="sent")
    await town.told(POOL_TOPIC)

    taken = [await take_bounce(town.registry, report(token_for(delivery_id))) for _ in range(2)]

    assert [each.stopped for each in taken] == [True, True]
    assert (await town.preferences(preferences))["email_state"] == "bounced"
    assert await town.states() == [("email", "sent"), ("none", "unreachable")]


async def test_whoever_has_a_browser_too_is_told_there(town: Town) -> None:
    preferences = await town.subscribed(POOL_TOPIC)
    await town.with_browser(preferences=preferences)
    await change_preferences(town.registry, preferences, Choice(wish(), "email"))
    _, delivery_id = await town.told(POOL_TOPIC, state="sent")
    await town.told(POOL_TOPIC)

    await take_bounce(town.registry, report(token_for(delivery_id)))

    assert await town.states() == [("email", "sent"), ("push", "queued")]


@pytest.mark.parametrize("status", ["4.2.2", "2.0.0"])
async def test_what_may_pass_changes_nothing(town: Town, status: str) -> None:
    preferences = await town.subscribed(POOL_TOPIC)
    _, delivery_id = await town.told(POOL_TOPIC, state="sent")

    taken = await take_bounce(town.registry, report(token_for(delivery_id), status=status))

    assert not taken.stopped
    assert (await town.preferences(preferences))["email_state"] == "active"


async def test_a_forged_report_stops_nobody(town: Town) -> None:
    preferences = await town.subscribed(POOL_TOPIC)
    await town.told(POOL_TOPIC, state="sent")

    for token in (None, link_token.sign(b"x" * 32, "bounce", "1"), "abc.def"):
        assert not (await take_bounce(town.registry, report(token))).stopped

    assert (await town.preferences(preferences))["email_state"] == "active"


async def test_a_report_about_somebody_who_is_gone_is_put_aside(town: Town) -> None:
    preferences = await town.subscribed(POOL_TOPIC)
    _, delivery_id = await town.told(POOL_TOPIC, state="sent")
    await forget_person(town.registry, preferences)

    assert not (await take_bounce(town.registry, report(token_for(delivery_id)))).stopped


async def test_whoever_signs_up_again_after_a_bounce_is_written_to_again(town: Town) -> None:
    await town.subscribed(POOL_TOPIC)
    _, delivery_id = await town.told(POOL_TOPIC, state="sent")
    await take_bounce(town.registry, report(token_for(delivery_id)))
    town.clock.forward(minutes=1)

    token = await town.subscribed(POOL_TOPIC, ROADS)

    assert (await town.preferences(token))["email_state"] == "active"
