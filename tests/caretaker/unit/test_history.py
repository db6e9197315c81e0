from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.caretaker.domain.history import History, lag_ratio

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def history(first: int, last: int, messages: int, oldest: datetime | None) -> History:
    return History(first, last, messages, oldest, NOW - 30 * DAY)


@pytest.mark.parametrize(
    ("held", "whole"),
    [
        (history(0, 0, 0, None), True),
        (history(1, 5, 5, NOW - DAY), True),
        (history(2, 5, 4, NOW - DAY), False),
        (history(1, 5, 4, NOW - DAY), False),
        (history(6, 5, 0, None), False),
    ],
    ids=["never used", "all there", "aged at its front", "one deleted", "all aged"],
)
def test_a_stream_is_whole_as_long_as_nothing_was_ever_removed(held: History, whole: bool) -> None:
    assert held.whole is whole


def test_a_whole_stream_reaches_back_to_any_time() -> None:
    assert history(1, 5, 5, NOW).reaches_back_to(NOW - 1000 * DAY)


@pytest.mark.parametrize(("since", "reached"), [(NOW - 2 * DAY, False), (NOW - DAY, True), (NOW, True)])
def test_an_aged_stream_reaches_back_to_its_oldest_message(since: datetime, reached: bool) -> None:
    assert history(3, 5, 3, NOW - DAY).reaches_back_to(since) is reached


def test_an_aged_stream_that_is_empty_reaches_nowhere() -> None:
    assert not history(6, 5, 0, None).reaches_back_to(NOW)


@pytest.mark.parametrize(
    ("oldest", "max_age", "ratio"),
    [(None, 14 * DAY, 0), (NOW - 7 * DAY, 14 * DAY, 0.5), (NOW + DAY, 14 * DAY, 0), (NOW - DAY, None, 0)],
)
def test_lag_is_the_part_of_the_way_to_loss(oldest: datetime | None, max_age: timedelta | None, ratio: float) -> None:
    assert lag_ratio(oldest, max_age, now=NOW) == ratio
