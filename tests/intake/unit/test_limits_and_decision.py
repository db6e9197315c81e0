"""Rates, quotas, and what becomes of sound events."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.intake.domain.decision import IdTaken, Known, OverQuota, decide
from services.intake.domain.limits import day_of, full_bucket, seconds_to_midnight, weight


def test_a_bucket_admits_one_second_at_once_and_then_its_rate() -> None:
    bucket = full_bucket(2, now=0)

    waits: list[int] = []
    for now in (0.0, 0.0, 0.0, 0.5, 0.5):
        waits.append(bucket.wait(2, now=now))
        if not waits[-1]:
            bucket.take(1)

    assert waits == [0, 0, 1, 0, 1]


def test_a_batch_is_paid_off_before_the_next_request() -> None:
    bucket = full_bucket(10, now=0)
    bucket.take(100)

    assert (bucket.wait(10, now=0), bucket.wait(10, now=9), bucket.wait(10, now=9.2)) == (10, 1, 0)


def test_a_clock_that_jumps_back_gives_nothing_away() -> None:
    bucket = full_bucket(1, now=100)
    bucket.take(1)

    assert (bucket.wait(1, now=50), bucket.wait(1, now=50.5)) == (1, 1)


@pytest.mark.parametrize(("size", "tokens"), [(0, 0), (16_384, 0), (16_385, 1), (65_536, 3), (1_048_576, 63)])
def test_a_large_body_costs_more_than_its_request(size: int, tokens: int) -> None:
    assert weight(size) == tokens


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (datetime(2026, 6, 14, 21, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 6, 14, 22, 0, 0, tzinfo=UTC), 24 * 3600),
        (datetime(2026, 10, 24, 22, 0, 0, tzinfo=UTC), 25 * 3600),
        (datetime(2026, 3, 28, 23, 0, 0, tzinfo=UTC), 23 * 3600),
    ],
)
def test_a_quota_begins_anew_at_midnight_in_the_town(moment: datetime, seconds: int) -> None:
    assert seconds_to_midnight(moment) == seconds


def test_the_day_of_a_quota_is_the_local_one() -> None:
    assert day_of(datetime(2026, 6, 14, 22, 30, tzinfo=UTC)) == date(2026, 6, 15)


A, A_CHANGED, B = Known("a", "1"), Known("a", "2"), Known("b", "1")


def test_what_is_known_is_a_duplicate_and_costs_no_quota() -> None:
    assert decide([A, B], accepted={"a": "1"}, left=1) == ["duplicate", "accepted"]
    assert decide([A, A], accepted={}, left=1) == ["accepted", "duplicate"]


def test_an_id_means_one_content() -> None:
    assert decide([B, A], accepted={"a": "2"}, left=9) == IdTaken(1)
    assert decide([A, A_CHANGED], accepted={}, left=9) == IdTaken(1)


def test_what_exceeds_the_quota_is_refused_as_a_whole() -> None:
    assert decide([A, B], accepted={}, left=1) == OverQuota()
