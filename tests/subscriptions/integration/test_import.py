"""A list of an earlier system is taken over line by line, once, and brings nobody back who has left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from services.subscriptions.commands.forget import forget_person
from services.subscriptions.commands.import_list import import_list
from services.subscriptions.commands.unsubscribe import undo, unsubscribe
from services.subscriptions.domain.import_rows import UnreadableError
from services.subscriptions.storage.tables import ConsentRow, SubscriberRow
from tests.subscriptions.people import EVA, GRIEBEN, POOL_TOPIC, ROADS, Town, town_at

HEADER = "email;topics;consented_at;proof;language"


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[Town]:
    async with town_at(database_url) as ready:
        yield ready


def a_list(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode("utf-8-sig")


def line(email: str = EVA, topics: str = POOL_TOPIC, at: str = "2024-05-01T10:00:00+02:00", language: str = "") -> str:
    return f"{email};{topics};{at};Formular, Ordner 3, Blatt 17;{language}"


async def test_every_line_is_accounted_for(town: Town) -> None:
    await town.subscribed(POOL_TOPIC, email="karl@example.com")
    content = a_list(
        line("anna@example.com", f"{POOL_TOPIC},{ROADS}", "1.5.2024", "en"),
        line("karl@example.com", POOL_TOPIC),
        line("karl@example.com", ROADS),
        line("KARL@example.com", ROADS),
        line("keine-adresse"),
        line("otto@example.com", "pool.hallenbad"),
        line("otto@example.com", POOL_TOPIC, "2031-01-01"),
        "otto@example.com;pool.freibad-tangerhuette;2024-05-01;;de",
        "zu;wenig",
    )

    report = await import_list(town.registry, content)

    assert (report.added, report.merged, report.unchanged, report.rows) == (1, 1, 2, 9)
    assert [(each.line, each.reason) for each in report.refused] == [
        (6, "Diese E-Mail-Adresse ist nicht vollständig oder nicht gültig."),
        (7, "Das Thema Nr. 1 gibt es nicht."),
        (8, "Der Zeitpunkt der Einwilligung liegt in der Zukunft."),
        (9, "Der Nachweis der Einwilligung fehlt."),
        (10, "Die Zeile hat 2 statt 5 Spalten."),
    ]
    people = {row.email: (row.language, row.email_state) for row in await town.rows(SubscriberRow)}
    assert people == {"anna@example.com": ("en", "active"), "karl@example.com": ("de", "active")}


async def test_the_proof_is_kept_with_the_day_of_the_consent(town: Town) -> None:
    await import_list(town.registry, a_list(line(at="2024-05-01T10:00:00+02:00")))

    (row,) = await town.rows(ConsentRow)
    assert (row.way, row.proof, row.topics) == ("import", "Formular, Ordner 3, Blatt 17", [POOL_TOPIC])
    assert row.at.isoformat() == "2024-05-01T08:00:00+00:00"


async def test_the_same_list_again_changes_nothing(town: Town) -> None:
    content = a_list(*(line(f"person-{number}@example.com", f"{POOL_TOPIC} {ROADS}") for number in range(2500)))

    first = await import_list(town.registry, content)
    second = await import_list(town.registry, content)

    assert (first.added, second.added, second.unchanged) == (2500, 0, 2500)
    assert len(await town.rows(SubscriberRow)) == len(await town.log()) == 2500


async def test_the_same_list_from_two_desks_at_once_makes_nobody_twice(town: Town) -> None:
    content = a_list(*(line(f"person-{number}@example.com") for number in range(1500)))
    turned = a_list(*(line(f"person-{number}@example.com") for number in reversed(range(1500))))

    await asyncio.gather(import_list(town.registry, content), import_list(town.registry, turned))

    assert len(await town.rows(SubscriberRow)) == 1500


async def test_whoever_unsubscribed_after_the_consent_stays_unsubscribed(town: Town) -> None:
    await town.subscribed(POOL_TOPIC, ROADS)
    token, _ = await town.told(ROADS)
    await unsubscribe(town.registry, token)

    report = await import_list(town.registry, a_list(line(EVA.upper(), ROADS), line(EVA, GRIEBEN)))

    assert [(each.line, each.reason) for each in report.refused] == [(2, "Hat sich am 04.07.2026 abgemeldet.")]
    assert (report.added, report.merged) == (0, 1)


async def test_one_topic_that_was_withdrawn_does_not_cost_the_others(town: Town) -> None:
    token = await town.subscribed(ROADS)
    click, _ = await town.told(ROADS)
    await unsubscribe(town.registry, click)

    report = await import_list(town.registry, a_list(line(EVA, f"{POOL_TOPIC} {ROADS} {GRIEBEN}")))

    assert (report.added, report.merged, report.refused, report.rows) == (0, 1, [], 1)
    assert [(each.line, each.reason) for each in report.partly] == [
        (2, "Hat sich am 04.07.2026 abgemeldet. Es fehlt Thema Nr. 2.")
    ]
    assert (await town.preferences(token))["topics"] == [GRIEBEN, POOL_TOPIC]


async def test_a_proof_that_outlives_the_address_does_not_name_it(town: Town) -> None:
    content = a_list(f"{EVA};{POOL_TOPIC};2024-05-01;Mail von {EVA};de")

    report = await import_list(town.registry, content)

    assert (report.added, len(report.refused)) == (0, 1)
    assert "keine E-Mail-Adresse" in report.refused[0].reason


async def test_whoever_was_erased_stays_erased_though_we_hold_no_address(town: Town) -> None:
    await forget_person(town.registry, await town.subscribed(POOL_TOPIC))
    town.clock.forward(days=10)

    report = await import_list(
        town.registry, a_list(line(EVA, ROADS), line(EVA, ROADS, at="2026-07-06T10:00:00+02:00"))
    )

    assert [each.line for each in report.refused] == [2]
    assert report.added == 1


async def test_a_click_that_was_taken_back_is_no_withdrawal(town: Town) -> None:
    await town.subscribed(POOL_TOPIC)
    token, _ = await town.told(POOL_TOPIC)
    await unsubscribe(town.registry, token)
    await undo(town.registry, token)

    report = await import_list(town.registry, a_list(line(EVA, POOL_TOPIC)))

    assert (report.unchanged, report.refused) == (1, [])


async def test_topics_of_the_own_people_are_not_imported(town: Town) -> None:
    report = await import_list(town.registry, a_list(line(topics="staff.freibad-tangerhuette")))

    assert (report.rows, len(report.refused)) == (1, 1)


async def test_a_file_that_breaks_off_in_the_middle_is_refused_as_a_whole(town: Town) -> None:
    content = a_list(*(line(f"person-{number}@example.com") for number in range(1200))) + b"\n" + b'"' + b"x" * 140_000

    with pytest.raises(UnreadableError, match="Zeile"):
        await import_list(town.registry, content)

    assert await town.rows(SubscriberRow) == []
