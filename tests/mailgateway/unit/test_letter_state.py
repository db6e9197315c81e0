from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mailgateway.domain.letter_state import (
    LetterState,
    Progress,
    advance,
    best_of,
    is_final,
    may_become,
    posted_twice,
    taken_up,
)
from services.mailgateway.domain.provider_status import ProviderStatus
from tests.mailgateway.unit.letters import LETTER_ID, a_status, as_test

POSTED_AT = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)


def a_progress(state: LetterState, *, provider_id: int | None = 100, attempt: int = 1) -> Progress:
    return Progress(LETTER_ID, state, attempt, provider_id)


def test_a_letter_goes_its_way_and_keeps_the_providers_own_posting_date() -> None:
    progress = a_progress(LetterState.SUBMITTED)

    for stage in ("checked", "printing"):
        progress = advance(progress, a_status(stage))
    progress = advance(progress, replace(a_status("posted"), posted_at=POSTED_AT))

    assert progress == Progress(LETTER_ID, LetterState.POSTED, 1, 100, POSTED_AT)


def test_a_stale_status_changes_nothing() -> None:
    printing = a_progress(LetterState.PRINTING)

    assert advance(printing, a_status("checked")) is printing
    assert advance(printing, a_status("accepted")) is printing


def test_posted_and_failed_are_final() -> None:
    posted, failed = a_progress(LetterState.POSTED), a_progress(LetterState.FAILED)

    assert advance(posted, a_status("failed", code="E318")) is posted
    assert advance(failed, a_status("posted")) is failed


def test_the_print_centre_may_still_refuse_what_it_has_received() -> None:
    failed = advance(a_progress(LetterState.PRINTING), a_status("failed", code="E318"))

    assert failed.state is LetterState.FAILED


def test_a_status_of_an_earlier_attempt_is_not_this_ones() -> None:
    second = a_progress(LetterState.INTENT, provider_id=None, attempt=2)

    assert advance(second, a_status("failed", attempt=1, code="E203")) is second


def test_a_duplicate_counts_as_success_and_the_first_submission_is_followed() -> None:
    resent = a_progress(LetterState.SUBMITTED, provider_id=200)
    refused = a_status("failed", provider_id=200, code="E324", first_id=100)

    followed = advance(resent, refused)
    posted = advance(followed, a_status("posted", provider_id=100))

    assert (followed.state, followed.provider_id) == (LetterState.SUBMITTED, 100)
    assert (posted.state, posted.provider_id) == (LetterState.POSTED, 100)


def test_a_first_submission_of_an_earlier_attempt_is_followed_by_its_number() -> None:
    second = a_progress(LetterState.SUBMITTED, provider_id=200, attempt=2)

    followed = advance(second, a_status("failed", provider_id=200, attempt=2, code="E324", first_id=100))
    printing = advance(followed, a_status("printing", provider_id=100, attempt=1))

    assert printing.state is LetterState.PRINTING


@pytest.mark.parametrize("code", ["E324", "E309"])
def test_a_duplicate_whose_first_is_not_named_is_unclear_and_never_simply_failed(code: str) -> None:
    progress = advance(a_progress(LetterState.SUBMITTED), a_status("failed", code=code))

    assert progress.state is LetterState.UNCLEAR
    assert advance(progress, a_status("posted", provider_id=99)).state is LetterState.POSTED


def test_a_refused_second_submission_does_not_touch_the_first() -> None:
    first = a_progress(LetterState.PRINTING)

    assert advance(first, a_status("failed", provider_id=200, code="E324", first_id=100)) is first


def test_an_unclear_letter_is_cleared_by_what_the_provider_shows() -> None:
    unclear = a_progress(LetterState.UNCLEAR, provider_id=None)

    assert advance(unclear, a_status("printing")).state is LetterState.PRINTING


def test_a_letter_from_a_restored_backup_is_found_again_instead_of_being_sent() -> None:
    waiting = a_progress(LetterState.WAITING, provider_id=None)

    found = advance(waiting, a_status("posted", provider_id=77))

    assert (found.state, found.provider_id) == (LetterState.POSTED, 77)


def test_a_living_submission_beside_a_failed_one_of_the_same_attempt_is_followed() -> None:
    failed = a_progress(LetterState.FAILED, provider_id=100)

    assert advance(failed, a_status("printing", provider_id=90)).state is LetterState.PRINTING


def test_a_living_submission_counts_whatever_its_attempt_while_ours_is_not_there() -> None:
    later, earlier = a_progress(LetterState.FAILED), a_progress(LetterState.WAITING, provider_id=None, attempt=3)
    shown = [a_status("failed", code="E318"), a_status("printing", provider_id=101, attempt=2)]

    assert taken_up(later, shown).attempt == 2
    assert taken_up(earlier, shown).attempt == 2


def test_our_own_attempt_is_kept_while_it_lives_or_nothing_does() -> None:
    ours, other = a_status("checked", attempt=1), a_status("posted", provider_id=101, attempt=2)
    there = a_progress(LetterState.CHECKED)
    next_one = a_progress(LetterState.WAITING, provider_id=None, attempt=3)

    assert taken_up(there, [other]) is there
    assert taken_up(a_progress(LetterState.UNCLEAR), [other, ours]).attempt == 1
    assert taken_up(next_one, [a_status("failed", attempt=2)]).attempt == 3
    assert taken_up(next_one, []).attempt == 3


def test_a_later_attempt_that_failed_is_not_made_again() -> None:
    restored = a_progress(LetterState.WAITING, provider_id=None)

    assert taken_up(restored, [a_status("failed", attempt=1), a_status("failed", attempt=2)]).attempt == 2


def test_a_test_letter_ends_once_it_is_checked() -> None:
    assert is_final(LetterState.CHECKED, test=True)
    assert not is_final(LetterState.CHECKED, test=False)
    assert is_final(LetterState.POSTED, test=False)
    assert not is_final(LetterState.UNCLEAR, test=False)


def test_the_submission_to_follow_is_alive_furthest_and_oldest() -> None:
    refused = a_status("failed", provider_id=1, code="E324")
    printing, younger = a_status("printing", provider_id=3), a_status("printing", provider_id=5)
    accepted = a_status("accepted", provider_id=2)

    assert best_of([refused, accepted, younger, printing]) is printing
    assert best_of([]) is None


def test_two_living_submissions_of_one_letter_are_reported() -> None:
    first, second = a_status("printing", provider_id=1), a_status("accepted", provider_id=2, attempt=2)
    failed, stranger = a_status("failed", provider_id=3), replace(first, letter_id=None, provider_id=4)

    assert posted_twice([first, second, failed, stranger]) == {LETTER_ID: (1, 2)}
    assert posted_twice([first, first, failed]) == {}
    assert posted_twice([as_test(first), as_test(second)]) == {}


def test_a_letter_of_somebody_else_moves_nothing() -> None:
    progress = a_progress(LetterState.INTENT, provider_id=None)

    assert advance(progress, replace(a_status("posted"), letter_id=uuid4())) is progress


STATUSES = st.builds(
    a_status,
    st.sampled_from(["accepted", "checked", "printing", "posted", "failed"]),
    provider_id=st.integers(1, 3),
    attempt=st.integers(1, 2),
    code=st.sampled_from([None, "E324", "E309", "E318"]),
    first_id=st.none() | st.integers(1, 3),
)


@given(st.sampled_from(LetterState), st.none() | st.integers(1, 3), st.lists(STATUSES, max_size=8))
def test_no_order_of_statuses_makes_a_forbidden_move_or_takes_back_a_posting(
    start: LetterState, provider_id: int | None, statuses: list[ProviderStatus]
) -> None:
    progress = a_progress(start, provider_id=provider_id)

    for status in statuses:
        before, progress = progress, advance(progress, status)
        assert before.state is progress.state or may_become(before.state, progress.state)
        assert progress.state is not LetterState.WAITING or before.state is LetterState.WAITING
