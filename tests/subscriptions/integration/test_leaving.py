"""Who has left is forgotten, and links that came into wrong hands open nothing any more."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from chassis.mail_tables import OutgoingMail
from services.subscriptions.commands.change_preferences import Choice, change_preferences
from services.subscriptions.commands.confirm import confirm
from services.subscriptions.commands.forget import forget_needless, forget_person
from services.subscriptions.commands.sign_up import renew_links, send_link, sign_up
from services.subscriptions.commands.unsubscribe import undo, unsubscribe
from services.subscriptions.domain.refusal import Refusal
from services.subscriptions.storage.tables import DeliveryRow, SubscriberRow
from tests.subscriptions.people import EVA, GRIEBEN, POOL_TOPIC, ROADS, Town, a_browser, token_in, town_at, wish


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with town_at(database_url) as ready:
        yield ready


async def forgotten(town: Town) -> int:
    return await forget_needless(town.database, now=town.clock)


async def test_whoever_ended_the_last_topic_can_take_it_back_for_a_week_and_is_then_erased(town: Town) -> None:
    await town.subscribed(POOL_TOPIC, email="karl@example.com")
    town.clock.forward(days=100)
    karl = await forgotten(town)
    await forget_person(town.registry, await town.subscribed(ROADS, email="karl@example.com"))
    await town.subscribed(ROADS)
    click, _ = await town.told(ROADS)

    await unsubscribe(town.registry, click)
    town.clock.forward(days=6)
    early = await forgotten(town)
    await undo(town.registry, click)
    await unsubscribe(town.registry, click)
    town.clock.forward(days=7, seconds=1)
    late = await forgotten(town)

    assert (karl, early, late) == (0, 0, 1)
    assert await town.rows(SubscriberRow) == []
    assert {row.host for row in await town.rows(DeliveryRow)} == {""}
    assert (await town.unsubscribing(click))["done"]
    assert (await unsubscribe(town.registry, click)).preferences == ""


async def test_preferences_without_any_topic_are_a_farewell_too(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC)
    nothing = wish(POOL_TOPIC)
    await change_preferences(town.registry, token, Choice(type(nothing)((), "de", nothing.text_version), "email"))

    town.clock.forward(days=7, seconds=1)

    assert await forgotten(town) == 1


async def test_a_browser_that_is_gone_is_forgotten_after_a_month_without_a_try(town: Town) -> None:
    await town.with_browser(POOL_TOPIC)
    await town.told(POOL_TOPIC, state="failed")
    async with town.database.transaction() as session:
        person = await session.get(SubscriberRow, (await town.person()).subscriber_id)
        assert person is not None
        person.push_state = "gone"

    town.clock.forward(days=29)
    early = await forgotten(town)
    town.clock.forward(days=2)

    assert (early, await forgotten(town)) == (0, 1)


async def test_erasure_ends_every_mail_to_the_address_however_it_was_written(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC)
    town.clock.forward(minutes=1)
    await sign_up(town.registry, EVA.upper(), wish(ROADS))

    await forget_person(town.registry, token)

    assert {(row.state, row.recipient, row.host) for row in await town.rows(OutgoingMail)} == {("expired", "", "")}


async def test_renewed_links_go_to_the_address_and_all_earlier_ones_open_nothing(town: Town) -> None:
    old = await town.subscribed(POOL_TOPIC, ROADS)
    confirmation = token_in((await town.mails())[0])
    click, _ = await town.told(ROADS)
    town.clock.forward(minutes=1)

    answer = await renew_links(town.registry, old)

    mail = (await town.mails())[-1]
    fresh = token_in(mail)
    assert (answer, mail["To"], fresh != old) == ("", "Eva.Muster@example.com", True)
    assert (await town.preferences(fresh))["topics"] == [ROADS, POOL_TOPIC]
    for opened in (town.preferences(old), confirm(town.registry, confirmation), renew_links(town.registry, old)):
        with pytest.raises(Refusal, match="gilt nicht mehr"):
            await opened
    left = await unsubscribe(town.registry, click)
    assert (left.removed, left.preferences) == ([ROADS], "")
    with pytest.raises(Refusal, match="gilt nicht mehr"):
        await undo(town.registry, click)


async def test_links_are_renewed_three_times_a_day_and_nobody_is_left_without_one(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC)
    for _ in range(3):
        await send_link(town.registry, EVA, "de")

    with pytest.raises(Refusal, match="mehrere Links"):
        await renew_links(town.registry, token)

    assert (await town.preferences(token))["topics"] == [POOL_TOPIC]


async def test_somebody_without_an_address_gets_the_new_link_as_the_answer(town: Town) -> None:
    old = await town.with_browser(GRIEBEN)

    fresh = await renew_links(town.registry, old)

    assert (await town.preferences(fresh))["topics"] == [GRIEBEN]
    assert await town.mails() == []
    with pytest.raises(Refusal, match="gilt nicht mehr"):
        await town.preferences(old)


async def test_another_browser_of_the_same_person_is_at_the_host_of_its_push_service(town: Town) -> None:
    token = await town.with_browser(GRIEBEN)

    await town.with_browser(GRIEBEN, push=a_browser(2, host="wns2.notify.windows.com"), preferences=token)

    assert (await town.person()).host == "wns2.notify.windows.com"
