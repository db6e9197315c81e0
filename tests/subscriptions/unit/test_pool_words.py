"""What people read when a pool closes and opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from contracts.foreign import PoolClosure
from services.subscriptions.domain.announcing import Texts
from services.subscriptions.domain.hours import Now
from services.subscriptions.domain.pool_words import LANGUAGES, REASONS, Closed, closed, mistaken, reopened

SINCE = datetime(2026, 7, 4, 12, 32, tzinfo=UTC)
NAME = "Freibad Tangerhütte"
REASON_CODES: tuple[PoolClosure, ...] = get_args(PoolClosure)


def a_closure(reason: str = "thunderstorm", *, until: datetime | None = None, told_after: int = 0) -> Closed:
    return Closed(NAME, reason, SINCE, until, SINCE + timedelta(hours=told_after))


def whole(texts: Texts) -> list[str]:
    return [f"{each.headline}\n{each.body}" for each in texts.values()]


def test_a_closure_says_why_since_when_and_what_to_do() -> None:
    words = closed(a_closure(until=SINCE + timedelta(hours=2)))

    assert words["de"].headline == "Freibad Tangerhütte geschlossen: Gewitter"
    assert words["de"].body == (
        "Freibad Tangerhütte ist seit 14:32 Uhr geschlossen. Grund ist ein Gewitter. Im und am Wasser ist es jetzt "
        "gefährlich. Voraussichtlich bleibt es bis 16:32 Uhr geschlossen. Bitte kommen Sie jetzt nicht ins Bad. "
        "Wenn Sie schon dort sind: Verlassen Sie das Wasser und gehen Sie in ein festes Gebäude. "
        "Wir melden uns, sobald das Bad wieder öffnet."
    )
    assert "since 14:32." in words["en"].body
    assert "Es ist seit 14:32 Uhr zu." in words["plain"].body


@pytest.mark.parametrize("reason", REASON_CODES)
def test_every_reason_has_words_in_every_language(reason: PoolClosure) -> None:
    texts = closed(a_closure(reason)), closed(a_closure(reason), changed=True)

    assert REASONS[reason].keys() == set(LANGUAGES)
    for each, language in product(texts, LANGUAGES):
        assert REASONS[reason][language] in each[language].headline
        assert len(each[language].headline) <= 80
        assert "{" not in each[language].body


def test_a_reason_that_nobody_knows_yet_is_a_special_one() -> None:
    assert closed(a_closure("sharks"))["de"].headline == "Freibad Tangerhütte geschlossen: besonderer Grund"


def test_another_day_is_named() -> None:
    words = closed(a_closure("technical", until=SINCE + timedelta(days=3), told_after=24), changed=True)

    assert "seit Samstag, 4. Juli, 14:32 Uhr" in words["de"].body
    assert "bis Dienstag, 7. Juli, 14:32 Uhr" in words["plain"].body
    assert "until Tuesday 7 July, 14:32" in words["en"].body


def test_midnight_in_the_town_makes_another_day() -> None:
    words = closed(Closed(NAME, "staff", SINCE, datetime(2026, 7, 4, 22, 0, tzinfo=UTC), SINCE))

    assert "bis Sonntag, 5. Juli, 00:00 Uhr" in words["de"].body


@pytest.mark.parametrize(
    ("hours", "headline", "end"),
    [
        (
            Now(True, "open", closes_at=SINCE + timedelta(hours=4)),
            "Freibad Tangerhütte ist wieder geöffnet",
            "Das Bad hat heute bis 18:32 Uhr geöffnet. Herzlich willkommen!",
        ),
        (
            Now(True, "open"),
            "Freibad Tangerhütte ist wieder geöffnet",
            "Sie können jetzt wieder kommen. Herzlich willkommen!",
        ),
        (
            Now(False, "outside_hours", opens_at=SINCE + timedelta(hours=20)),
            "Freibad Tangerhütte: Schließung aufgehoben",
            "Die nächste Öffnung nach den üblichen Zeiten: Sonntag, 5. Juli, 10:32 Uhr.",
        ),
        (
            Now(False, "out_of_season"),
            "Freibad Tangerhütte: Schließung aufgehoben",
            "Es gelten wieder die üblichen Öffnungszeiten.",
        ),
    ],
    ids=["open", "hours unknown", "evening", "winter"],
)
def test_an_all_clear_does_not_send_people_to_a_locked_door(hours: Now, headline: str, end: str) -> None:
    words = reopened(NAME, opened_at=SINCE, hours=hours, told_at=SINCE)

    assert words["de"].headline == headline
    assert words["de"].body.endswith(end)
    assert all("{" not in each for each in whole(words))


def test_a_mistake_is_called_one_and_excused() -> None:
    hours = Now(True, "open", closes_at=SINCE + timedelta(hours=4))

    words = mistaken(NAME, since=SINCE, hours=hours, told_at=SINCE + timedelta(minutes=5))

    assert words["de"].headline == "Irrtum: Freibad Tangerhütte ist nicht geschlossen"
    assert "Das war ein Irrtum. Bitte entschuldigen Sie das Versehen." in words["de"].body
    assert words.keys() == set(LANGUAGES)
    assert all("{" not in each for each in whole(words))
