"""Whether a pool is open follows from the instants that the commands name, not from their order of arrival."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subscriptions.domain.pool import Closure, Pool, close, reopen

NOON = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
EVENING = NOON + timedelta(hours=6)


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def closure(minutes: int, *, reason: str = "thunderstorm", until: datetime | None = None) -> Closure:
    return Closure(after(minutes), reason, until, "badkasse", after(minutes))


def opened(pool: Pool, minutes: int) -> Pool:
    return reopen(pool, at=after(minutes), reported_by="badkasse", heard_at=after(minutes))


def test_a_pool_of_which_nothing_was_heard_is_open() -> None:
    assert (Pool().state, Pool().version) == ("open", 0)


def test_a_pool_closes_with_reason_end_and_instant() -> None:
    pool = close(Pool(), closure(0, until=EVENING))

    assert pool == Pool("closed", NOON, "thunderstorm", EVENING, "badkasse", NOON, NOON, 1)


def test_a_closed_pool_opens_again_without_a_reason() -> None:
    pool = opened(close(Pool(), closure(0, until=EVENING)), 30)

    assert pool == Pool("open", after(30), None, None, "badkasse", after(30), after(30), 2)


@pytest.mark.parametrize(
    "correction", [closure(10, reason="water_quality"), closure(10, until=EVENING)], ids=["reason", "end"]
)
def test_a_closure_that_is_corrected_is_told_again_and_began_when_it_began(correction: Closure) -> None:
    pool = close(close(Pool(), closure(0)), correction)

    assert (pool.version, pool.since, pool.as_of) == (2, NOON, after(10))
    assert (pool.reason, pool.until) == (correction.reason, correction.until)


def test_what_changes_nothing_is_not_told_but_counts_as_heard() -> None:
    closed = close(Pool(), closure(0))
    open_again = opened(closed, 10)

    assert close(closed, closure(20)) == replace(closed, as_of=after(20), heard_at=after(20))
    assert opened(open_again, 20) == replace(open_again, as_of=after(20), heard_at=after(20))
    assert opened(Pool(), 20) == replace(Pool(), as_of=after(20), heard_at=after(20))


@pytest.mark.parametrize("minutes", [0, -1, -600])
def test_a_command_that_is_not_later_than_the_last_one_is_ignored(minutes: int) -> None:
    closed = close(Pool(), closure(0))
    open_again = opened(Pool(), 0)

    assert opened(closed, minutes) == closed
    assert close(closed, closure(minutes, reason="staff")) == closed
    assert close(open_again, closure(minutes)) == open_again


def test_an_opening_that_is_overtaken_by_a_second_closure_does_not_open() -> None:
    pool = close(close(Pool(), closure(0)), closure(20))

    assert opened(pool, 10).state == "closed"


Step = tuple[int, str | None]
"""Minutes, and the reason of a closure; None opens."""
STEPS = st.lists(
    st.tuples(st.integers(0, 500), st.sampled_from([None, "thunderstorm", "staff"])),
    max_size=12,
    unique_by=lambda step: step[0],
)


def applied(steps: list[Step]) -> Pool:
    pool = Pool()
    for minutes, reason in steps:
        pool = opened(pool, minutes) if reason is None else close(pool, closure(minutes, reason=reason))
    return pool


@given(steps=STEPS, chance=st.randoms(use_true_random=False))
def test_any_order_of_arrival_ends_in_the_same_state(steps: list[Step], chance: Random) -> None:
    arrived = list(steps)
    chance.shuffle(arrived)

    there, here = applied(sorted(steps, key=lambda step: step[0])), applied(arrived)

    assert (here.state, here.reason, here.as_of) == (there.state, there.reason, there.as_of)
    assert here.version <= there.version


def test_of_two_about_the_same_instant_the_later_heard_counts() -> None:
    first = Closure(after(0), "storm", None, "badkasse", after(1))
    corrected = Closure(after(0), "water_quality", None, "badkasse", after(2))

    in_order = close(close(Pool(), first), corrected)
    overtaken = close(close(Pool(), corrected), first)

    assert (in_order.reason, in_order.version) == ("water_quality", 2)
    assert (overtaken.reason, overtaken.version) == ("water_quality", 1)


def test_closing_and_reopening_within_one_minute_leaves_the_pool_open() -> None:
    closed = close(Pool(), Closure(after(0), "storm", None, "badkasse", after(1)))

    assert reopen(closed, at=after(0), reported_by="badkasse", heard_at=after(2)).state == "open"
