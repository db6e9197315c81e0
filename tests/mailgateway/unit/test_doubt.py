from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from services.mailgateway.domain.doubt import (
    PATIENCE,
    Adopt,
    AskBatch,
    AskCustom1,
    Doubt,
    LookUp,
    Resend,
    Unclear,
    Wait,
    decide,
)

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENDED = T0 + timedelta(seconds=30)
SETTLED = ENDED + PATIENCE.settle


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def a_doubt(*, batch: LookUp | None = None, custom1: LookUp | None = None, resent_at: datetime = T0) -> Doubt:
    ended = resent_at + (ENDED - T0)
    return Doubt(T0, resent_at, ended, batch or LookUp(), custom1 or LookUp())


def test_nothing_is_asked_before_the_provider_has_settled() -> None:
    assert decide(a_doubt(), now=at(40)) == Wait(SETTLED)


def test_after_a_kill_in_the_middle_of_a_call_the_longest_call_is_waited_for() -> None:
    killed = Doubt(T0, T0)

    assert decide(killed, now=at(100)) == Wait(T0 + PATIENCE.longest_call + PATIENCE.settle)


def test_the_wave_is_asked_first_and_then_the_letter() -> None:
    unasked = a_doubt()
    batch_empty = a_doubt(batch=LookUp(at(91)))

    assert decide(unasked, now=at(91)) == AskBatch()
    assert decide(batch_empty, now=at(92)) == AskCustom1()


def test_a_letter_that_either_look_up_shows_is_adopted_at_once() -> None:
    in_batch = a_doubt(batch=LookUp(at(10), 4711))
    by_reference = a_doubt(batch=LookUp(at(91)), custom1=LookUp(at(92), 4712))

    assert decide(in_batch, now=at(11)) == Adopt(4711)
    assert decide(by_reference, now=at(9_999)) == Adopt(4712)


def test_two_empty_answers_inside_the_window_allow_the_same_attempt_again() -> None:
    empty = a_doubt(batch=LookUp(at(91)), custom1=LookUp(at(96)))

    assert decide(empty, now=at(97)) == Resend(T0 + PATIENCE.window - PATIENCE.margin)


def test_an_empty_answer_from_before_the_settle_time_does_not_count() -> None:
    too_early = a_doubt(batch=LookUp(at(60)), custom1=LookUp(at(96)))

    assert decide(too_early, now=at(97)) == AskBatch()


def test_an_old_empty_answer_is_asked_for_again() -> None:
    empty = a_doubt(batch=LookUp(at(91)), custom1=LookUp(at(96)))

    assert decide(empty, now=at(2_000)) == AskBatch()


def test_after_the_window_a_clerk_decides() -> None:
    empty = a_doubt(batch=LookUp(at(3_350)), custom1=LookUp(at(3_360)))

    assert decide(empty, now=at(3_361)) == Unclear("window_passed")


def test_a_resend_in_doubt_does_not_open_a_new_window() -> None:
    resent_at = at(3_000)
    again_empty = a_doubt(batch=LookUp(at(3_301)), custom1=LookUp(at(3_302)), resent_at=resent_at)

    assert decide(again_empty, now=at(3_303)) == Unclear("window_passed")


def test_the_look_ups_before_a_resend_say_nothing_about_it() -> None:
    resent = a_doubt(batch=LookUp(at(91)), custom1=LookUp(at(96)), resent_at=at(100))

    assert decide(resent, now=at(195)) == AskBatch()


def test_a_clock_that_went_back_never_sends_again() -> None:
    later = at(-4_000)
    empty = a_doubt(batch=LookUp(later), custom1=LookUp(later))

    assert decide(a_doubt(), now=later) == AskBatch()
    assert decide(empty, now=later) == Unclear("clock_went_back")


SECONDS = st.integers(-8_000, 8_000)
LOOK_UPS = st.builds(LookUp, st.none() | SECONDS.map(at), st.none() | st.integers(1, 5))


@given(SECONDS, st.integers(0, 4_000), st.none() | st.integers(0, 200), LOOK_UPS, LOOK_UPS)
@example(97, 0, 30, LookUp(at(91)), LookUp(at(96)))
def test_it_never_sends_again_outside_the_window_or_without_two_late_empty_answers(
    now: int, resent: int, ended: int | None, batch: LookUp, custom1: LookUp
) -> None:
    ended_at = None if ended is None else at(resent + ended)
    doubt = Doubt(T0, at(resent), ended_at, batch, custom1)

    decision = decide(doubt, now=at(now))

    if isinstance(decision, Resend):
        settled_at = (ended_at or at(resent) + PATIENCE.longest_call) + PATIENCE.settle
        assert T0 <= at(now) < T0 + PATIENCE.window - PATIENCE.margin
        assert batch.found is None
        assert custom1.found is None
        assert all(seen.asked_at and settled_at <= seen.asked_at <= at(now) for seen in (batch, custom1))


@given(SECONDS, LOOK_UPS, LOOK_UPS)
def test_what_has_been_found_is_never_called_unclear(now: int, batch: LookUp, custom1: LookUp) -> None:
    decision = decide(a_doubt(batch=batch, custom1=custom1), now=at(now))

    found = {batch.found, custom1.found} - {None}
    assert isinstance(decision, Adopt) == bool(found)
