"""The rules behind "why was I not told", the second person, urgency, and the words of an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.subscriptions.domain.alert_rules import is_over, urgency_of
from services.subscriptions.domain.alert_words import awaiting_release, ended
from services.subscriptions.domain.announcing import Texts, Urgency, Wording
from services.subscriptions.domain.envelope import House
from services.subscriptions.domain.preview import Setting, previews
from services.subscriptions.domain.reach import counted, needs_second_person
from services.subscriptions.domain.why import Delivered, Facts, reason_not_told
from tests.subscriptions.said import NOON

WATER: Texts = {"de": Wording("Kein Wasser", "Bis 15 Uhr."), "en": Wording("No water", "Until 3 pm.")}


def facts(
    *states: str, handed: bool = False, released: bool = True, last: str = "done", since: int | None = None
) -> Facts:
    return Facts(
        deliveries=tuple(Delivered(state, handed) for state in states),
        released_at=NOON if released else None,
        last_state=last,
        subscribed_at=None if since is None else NOON + timedelta(minutes=since),
        withdrew=False,
    )


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (facts("sent"), None),
        (facts("sent", "expired"), None),
        (facts("queued", handed=True), None),
        (facts("queued"), "queued"),
        (facts("sending"), "queued"),
        (facts("expired"), "expired"),
        (facts("failed"), "unreachable"),
        (facts("unreachable"), "unreachable"),
        (facts("superseded", "unsubscribed"), "unsubscribed"),
        (facts("superseded"), "superseded"),
        (facts(released=False, since=-1), "held"),
        (facts(), "not_subscribed"),
        (facts(since=0), "subscribed_later"),
        (facts(since=-1, last="expanding"), "queued"),
        (facts(since=-1, last="superseded"), "superseded"),
        (replace(facts(since=-1), forgotten=True), "forgotten"),
        (replace(facts("failed"), forgotten=True), "unreachable"),
    ],
)
def test_everybody_gets_the_one_reason_that_explains_it(known: Facts, reason: str | None) -> None:
    assert reason_not_told(known) == reason


def test_people_are_added_up_by_language_and_channel_and_the_unreachable_count_as_people() -> None:
    reach = counted([("de", "email", 4), ("en", "email", 1), ("de", "push", 2), ("plain", "none", 3)])

    assert (reach.people, reach.without_channel) == (10, 3)
    assert reach.by_channel == {"email": 5, "push": 2}
    assert reach.by_language == {"de": 6, "en": 1, "plain": 3}


def test_only_a_circle_above_the_limit_needs_a_second_person() -> None:
    reach = counted([("de", "email", 500)])

    assert [needs_second_person(reach, above=limit) for limit in (500, 499)] == [False, True]


def test_without_a_word_of_the_clerk_the_category_says_how_urgent_it_is() -> None:
    assert urgency_of("utility_outage") == Urgency.URGENT
    assert urgency_of("waste_collection_moved") == Urgency.NORMAL
    assert urgency_of("utility_outage", Urgency.BULK) == Urgency.BULK


def test_a_matter_is_over_when_it_was_ended_or_its_time_has_passed() -> None:
    until = {"valid_until": NOON.isoformat()}

    assert is_over(NOON, {}, now=NOON)
    assert is_over(None, until, now=NOON)
    assert not is_over(None, until, now=NOON - timedelta(seconds=1))
    assert not is_over(None, {"valid_until": None}, now=NOON)


@pytest.mark.parametrize("mistaken", [False, True])
def test_an_end_quotes_the_alert_in_every_language(mistaken: bool) -> None:
    words = ended(WATER, mistaken=mistaken)

    assert set(words) == {"de", "en", "plain"}
    assert all(("No water" if language == "en" else "Kein Wasser") in each.body for language, each in words.items())


def test_braces_in_a_headline_are_only_text() -> None:
    words = ended({"de": Wording("{0.__class__} {", "…")}, mistaken=False)

    assert words["de"].headline == "Entwarnung: {0.__class__} {"


def test_approvers_read_how_many_people_and_until_when() -> None:
    words = awaiting_release(WATER, people=4213, until=NOON)["de"]

    assert words.headline == "Freigabe nötig: Kein Wasser"
    assert "4.213 Personen" in words.body
    assert "04.07.2026, 14:00 Uhr" in words.body


def test_a_preview_is_what_the_mail_says_and_tells_where_people_get_the_german_words() -> None:
    house = House("Stadt", "meldungen@stadt.example", "https://rathaus.example")
    setting = Setting(house, "matter.other", lambda topic, language: f"{topic} ({language})", NOON)

    shown = previews(WATER, setting)

    assert shown["en"]["email"]["subject"] == "No water"
    assert "Until 3 pm." in shown["en"]["email"]["text"]
    assert "matter.other (en)" in shown["en"]["email"]["text"]
    assert "Read more: https://rathaus.example/en/meldungen/…\n" in shown["en"]["email"]["text"]
    assert shown["plain"]["push"] == {"title": "Kein Wasser", "body": "Bis 15 Uhr."}
    assert [shown[each]["translated"] for each in ("de", "en", "plain")] == [True, True, False]
