"""Signing up by e-mail: double opt-in, told nobody who is subscribed, and no tool to annoy others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from services.subscriptions.commands.confirm import confirm
from services.subscriptions.commands.forget import forget_old_signups
from services.subscriptions.commands.sign_up import send_link, sign_up, sign_up_staff
from services.subscriptions.domain.refusal import Refusal
from services.subscriptions.storage.tables import SignupRow, SubscriberRow
from tests.subscriptions.people import EVA, POOL_TOPIC, ROADS, Town, link_in, text_of, token_in, town_at, wish


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with town_at(database_url) as ready:
        yield ready


async def test_a_sign_up_is_a_mail_and_nothing_else_until_it_is_confirmed(town: Town) -> None:
    await sign_up(town.registry, EVA, wish(POOL_TOPIC, ROADS))

    (mail,) = await town.mails()
    assert (mail["To"], mail["Subject"]) == ("Eva.Muster@example.com", "Bitte bestätigen Sie Ihre Anmeldung")
    assert link_in(mail).startswith("https://rathaus.example/abo/bestaetigen/")
    assert "- Freibad Tangerhütte\n- Straßensperrungen" in text_of(mail)
    assert await town.rows(SubscriberRow) == []


async def test_whoever_confirms_is_subscribed_and_the_consent_is_logged_with_its_text(town: Town) -> None:
    await sign_up(town.registry, EVA, wish(POOL_TOPIC, ROADS, language="en"))
    (mail,) = await town.mails()

    token = await confirm(town.registry, token_in(mail))

    shown = await town.preferences(token)
    assert link_in(mail).startswith("https://rathaus.example/en/abo/bestaetigen/")
    assert (shown["email_masked"], shown["language"], shown["channel"]) == ("E…@example.com", "en", "email")
    assert shown["topics"] == [ROADS, POOL_TOPIC]
    assert [(each["action"], each["way"], each["text_version"]) for each in shown["consents"]] == [
        ("granted", "double_opt_in", "2026-11")
    ]


async def test_looking_at_a_confirmation_link_confirms_nothing(town: Town) -> None:
    await sign_up(town.registry, EVA, wish())
    token = token_in((await town.mails())[0])

    seen = [await town.signup(token) for _ in range(3)]

    assert {each["state"] for each in seen} == {"open"}
    assert await town.rows(SubscriberRow) == []
    await confirm(town.registry, token)
    assert (await town.signup(token))["state"] == "confirmed"


async def test_confirming_twice_or_at_once_has_one_effect(town: Town) -> None:
    await sign_up(town.registry, EVA, wish())
    token = token_in((await town.mails())[0])

    links = {*await asyncio.gather(*(confirm(town.registry, token) for _ in range(4)))}

    assert links == {await confirm(town.registry, token)}
    assert await town.log() == [("granted", "double_opt_in", [POOL_TOPIC])]


async def test_a_second_sign_up_adds_to_the_first_however_the_address_is_written(town: Town) -> None:
    await town.subscribed(POOL_TOPIC, email="Eva.Muster@Example.com")
    token = await town.subscribed(ROADS, email="eva.muster@EXAMPLE.com")

    assert (await town.preferences(token))["topics"] == [ROADS, POOL_TOPIC]
    assert len(await town.rows(SubscriberRow)) == 1


async def test_whoever_has_it_all_gets_a_link_to_the_preferences_and_the_asker_learns_nothing(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC, ROADS)

    town.clock.forward(minutes=1)
    await sign_up(town.registry, EVA.lower(), wish(POOL_TOPIC))

    mail = (await town.mails())[-1]
    assert mail["To"] == "Eva.Muster@example.com"
    assert link_in(mail) == f"https://rathaus.example/abo/einstellungen/{token}"
    assert len(await town.log()) == 1


async def test_nobody_can_be_flooded_with_confirmations(town: Town) -> None:
    for email in [EVA, EVA.upper(), EVA.lower(), EVA] * 3:
        await sign_up(town.registry, email, wish())
    await asyncio.gather(*(sign_up(town.registry, "other@example.com", wish()) for _ in range(8)))
    on_the_day = len(await town.mails())

    town.clock.forward(days=1)
    await sign_up(town.registry, EVA, wish())

    assert on_the_day == 6
    assert len(await town.mails()) == 7


async def test_names_behind_a_plus_are_one_mailbox(town: Town) -> None:
    for number in range(6):
        await sign_up(town.registry, f"eva+{number}@example.com", wish())

    assert [mail["To"] for mail in await town.mails()] == [f"eva+{number}@example.com" for number in range(3)]


async def test_strangers_are_not_written_to_by_the_hundreds(town: Town) -> None:
    town.registry = replace(town.registry, signups_an_hour=3)
    for number in range(3):
        await sign_up(town.registry, f"person-{number}@example.com", wish())

    with pytest.raises(Refusal, match="sehr viele"):
        await sign_up(town.registry, EVA, wish())
    await confirm(town.registry, token_in((await town.mails())[0]))
    await sign_up(town.registry, EVA, wish())
    with pytest.raises(Refusal, match="sehr viele"):
        await sign_up(town.registry, "otto@example.com", wish())
    town.clock.forward(hours=1, seconds=1)
    await sign_up(town.registry, "otto@example.com", wish())

    assert len(await town.mails()) == 5


async def test_a_link_to_the_preferences_goes_to_subscribers_only_and_three_times_a_day(town: Town) -> None:
    token = await town.subscribed(POOL_TOPIC)

    for _ in range(5):
        await send_link(town.registry, EVA.lower(), "plain")
        await send_link(town.registry, "stranger@example.com", "de")

    mails = (await town.mails())[1:]
    assert {mail["To"] for mail in mails} == {"Eva.Muster@example.com"}
    assert [link_in(mail) for mail in mails] == [f"https://rathaus.example/einfach/abo/einstellungen/{token}"] * 3


async def test_a_sign_up_ends_after_two_days_and_is_forgotten_after_seven(town: Town) -> None:
    await sign_up(town.registry, EVA, wish())
    token = token_in((await town.mails())[0])

    town.clock.forward(hours=48)
    assert (await town.signup(token))["state"] == "expired"
    with pytest.raises(Refusal, match="gilt nicht mehr"):
        await confirm(town.registry, token)
    await forget_old_signups(town.database, now=town.clock)
    kept = len(await town.rows(SignupRow))
    town.clock.forward(days=5, seconds=1)
    await forget_old_signups(town.database, now=town.clock)

    assert (kept, len(await town.rows(SignupRow))) == (1, 0)


async def test_somebody_who_runs_a_pool_confirms_in_the_same_way(town: Town) -> None:
    await sign_up_staff(town.registry, EVA, "freibad-tangerhuette", "de")
    token = await confirm(town.registry, token_in((await town.mails())[0]))

    assert (await town.preferences(token))["topics"] == ["staff.freibad-tangerhuette"]
    with pytest.raises(Refusal):
        await sign_up_staff(town.registry, EVA, "hallenbad", "de")


@pytest.mark.parametrize(
    ("topic", "version"), [("pool.x", "2026-11"), ("staff.freibad-tangerhuette", "2026-11"), (POOL_TOPIC, "2020")]
)
async def test_what_nobody_was_shown_cannot_be_consented_to(town: Town, topic: str, version: str) -> None:
    with pytest.raises(Refusal):
        await sign_up(town.registry, EVA, wish(topic, text_version=version))

    assert await town.mails() == []


async def test_a_matter_can_be_limited_to_one_place(town: Town) -> None:
    token = await town.subscribed("matter.road_closed.grieben")

    assert (await town.preferences(token))["topics"] == ["matter.road_closed.grieben"]
    assert "- Straßensperrungen (Grieben)" in text_of((await town.mails())[0])


@pytest.mark.parametrize("token", ["", "x", "x.y", "a" * 500, "ä.ö"])
async def test_a_link_that_is_not_ours_opens_nothing(town: Town, token: str) -> None:
    with pytest.raises(Refusal) as refused:
        await confirm(town.registry, token)

    assert refused.value.kind == "unknown"
