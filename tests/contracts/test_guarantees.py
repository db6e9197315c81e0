"""The page about delivery states the numbers that the code has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.consumer import RETRY_AFTER_SECONDS
from contracts.topology import AUDIT_RECORDS, KEPT_AGE, MAX_DELIVER
from tools.generate_guarantees import PAGE, filled, in_words

TEXT = PAGE.read_text("utf-8")


def test_the_page_states_the_numbers_of_the_code() -> None:
    assert filled(TEXT) == TEXT, "run: make schemas"


def test_the_page_states_how_long_a_personal_body_is_kept() -> None:
    said = " ".join(TEXT.split())

    assert f"is deleted after {KEPT_AGE.days} days at the latest" in said
    assert f"AUDIT (the last {AUDIT_RECORDS:,} records)" in said


def test_another_number_is_noticed() -> None:
    wrong = TEXT.replace("12 min 36 s", "12 min 37 s")

    assert wrong != TEXT
    assert filled(wrong) == TEXT


def test_retries_end_before_the_server_takes_it_for_a_crash() -> None:
    assert len(RETRY_AFTER_SECONDS) + 1 < MAX_DELIVER


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(), "at once"),
        (timedelta(seconds=156), "2 min 36 s"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=26), "1 day 2 hours"),
    ],
)
def test_times_are_said_in_words(time: timedelta, words: str) -> None:
    assert in_words(time) == words
