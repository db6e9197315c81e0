from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.mailgateway.domain.decision import Decision, already_so, awaits_decision, plausible
from services.mailgateway.domain.letter_state import LetterState

NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
BY = "Erika Beispiel"


def test_a_clerk_decides_about_failed_and_unclear_letters_until_they_are_withdrawn() -> None:
    open_to_decision = [state for state in LetterState if awaits_decision(state, "E318")]

    assert open_to_decision == [LetterState.FAILED, LetterState.UNCLEAR]
    assert not awaits_decision(LetterState.FAILED, "withdrawn")


@pytest.mark.parametrize(
    ("day", "possible"),
    [
        (date(2026, 3, 3), True),
        (date(2026, 3, 4), False),
        (date(2025, 1, 27), True),
        (date(2025, 1, 26), False),
    ],
)
def test_a_posting_date_lies_between_a_year_and_some_days_ago_and_today_in_germany(day: date, possible: bool) -> None:
    assert plausible(day, now=NOW) is possible


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 7, 1)])
def test_a_posting_date_is_that_day_in_germany_and_in_utc(day: date) -> None:
    posted_at = Decision("posted", BY, day).posted_at

    assert posted_at is not None
    assert (posted_at.date(), posted_at.tzinfo) == (day, UTC)


def test_only_the_same_persons_same_decision_has_been_carried_out() -> None:
    again = Decision("send_again", BY)

    assert already_so(again, state=LetterState.SUBMITTED, reason=None, decided_by=BY)
    assert not already_so(again, state=LetterState.FAILED, reason="E318", decided_by=BY)
    assert not already_so(again, state=LetterState.WAITING, reason=None, decided_by="Max Muster")
    assert not already_so(Decision("withdraw", BY), state=LetterState.FAILED, reason="E318", decided_by=BY)


def test_who_decided_is_not_shown() -> None:
    assert BY not in repr(Decision("withdraw", BY))
