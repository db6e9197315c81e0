"""Preferences by link without an account, and the right to be forgotten."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from chassis.mail_tables import OutgoingMail
from services.subscriptions.commands.change_preferences import Choice, change_preferences
from services.subscriptions.commands.confirm import confirm
from services.subscriptions.commands.forget import forget_person
from services.subscriptions.commands.sign_up import send_link
from services.subscriptions.domain.refusal import Refusal
from services.subscriptions.storage.tables import ConsentRow, SignupRow, SubscriberRow, SubscriptionRow
from tests.subscriptions.people import EVA, GRIEBEN, POOL_TOPIC, ROADS, Town, token_in, town_at, wish

TABLES_THAT_STAY: tuple[type[Any], ...] = (ConsentRow, SignupRow)


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with town_at(database_url) as ready:
        yield ready


async def test_the_preferences_are_exactly_what_was_chosen_and_each_change_is_logged(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC, ROADS)
    choice = Choice(wish(ROADS, GRIEBEN, language="plain"), "email")

    for _ in range(2):
        await change_preferences(town.registry, token, choice)

    shown = await town.preferences(token)
    assert (shown["topics"], shown["language"]) == ([ROADS, GRIEBEN], "plain")
    assert await town.log() == [
        ("granted", "double_opt_in", [POOL_TOPIC, ROADS]),
        ("withdrawn", "preferences", [POOL_TOPIC]),
        ("granted", "preferences", [GRIEBEN]),
    ]


async def test_what_waits_for_somebody_who_no_longer_wants_it_is_stopped_and_only_that(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC, ROADS, GRIEBEN)
    await town.told(POOL_TOPIC)
    await town.told(ROADS, GRIEBEN)
    await town.told(POOL_TOPIC, state="sent")

    await change_preferences(town.registry, token, Choice(wish(GRIEBEN), "email"))

    assert [state for _, state in await town.states()] == ["unsubscribed", "queued", "sent"]


async def test_a_channel_that_is_not_there_cannot_be_preferred(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC)

    with pytest.raises(Refusal, match="nicht erreichen"):
        await change_preferences(town.registry, token, Choice(wish(), "push"))
    await town.with_browser(preferences=token)
    await change_preferences(town.registry, token, Choice(wish(), "email"))
    by_mail = (await town.person()).channel
    await change_preferences(town.registry, token, Choice(wish(), "push"))
    person = await town.person()

    assert (by_mail, person.channel, person.host) == ("email", "push", "example.com")


async def test_topics_of_the_own_people_can_be_kept_but_not_taken(town: Town) -> None:
    staff = "staff.freibad-tangerhuette"
    token = await town.subscribed(POOL_TOPIC)

    with pytest.raises(Refusal):
        await change_preferences(town.registry, token, Choice(wish(POOL_TOPIC, staff), "email"))

    assert (await town.preferences(token))["topics"] == [POOL_TOPIC]


async def test_people_see_what_they_were_told_in_their_language(town: Town) -> None:
    token = await town.subscribed(ROADS, language="en")
    for _ in range(25):
        await town.told(ROADS, state="sent")

    received = (await town.preferences(token))["received"]

    assert len(received) == 20
    assert {(each["headline"], each["kind"], each["state"], each["topic"]) for each in received} == {
        ("Road closed", "alert", "sent", ROADS)
    }


async def test_erasure_leaves_the_proof_of_consent_and_no_address(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC)
    old = token_in((await town.mails())[0])
    await town.with_browser(preferences=token)
    await town.told(POOL_TOPIC)
    await send_link(town.registry, EVA, "de")

    await forget_person(town.registry, token)

    for table in (SubscriberRow, SubscriptionRow):
        assert await town.rows(table) == []
    assert {(row.state, row.recipient, row.content) for row in await town.rows(OutgoingMail)} == {("expired", "", b"")}
    assert [state for _, state in await town.states()] == ["unsubscribed"]
    assert (await town.log())[-1] == ("withdrawn", "erasure", [POOL_TOPIC])
    kept = [f"{vars(row)}" for table in TABLES_THAT_STAY for row in await town.rows(table)]
    assert len(kept) == 5
    assert not any("muster" in each.lower() for each in kept)
    with pytest.raises(Refusal, match="gilt nicht mehr"):
        await forget_person(town.registry, token)
    with pytest.raises(Refusal, match="gilt nicht mehr"):
        await confirm(town.registry, old)


async def test_whoever_was_erased_can_come_back_as_somebody_new(town: Town) -> None:
    old = await town.subscribed(POOL_TOPIC)
    await forget_person(town.registry, old)
    town.clock.forward(minutes=1)

    token = await town.subscribed(ROADS)

    shown = await town.preferences(token)
    assert shown["topics"] == [ROADS]
    assert len(shown["consents"]) == 1
    with pytest.raises(Refusal, match="gilt nicht mehr"):
        await town.preferences(old)
