from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.caretaker.domain.history import History, lag_ratio

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def history(last: int, messages: int, oldest: datetime | None, newest: datetime | None = None) -> History:
    return History(last, messages, oldest, newest or oldest, NOW - 30 * DAY)


@pytest.mark.parametrize(
    ("held", "whole"),
    [
        (history(0, 0, None), True),
        (history(5, 5, NOW - DAY), True),
        (history(5, 4, NOW - DAY), False),
        (history(5, 0, None, NOW - DAY), False),
    ],
    ids=["never used", "all there", "not all there", "all aged"],
)
def test_a_stream_is_whole_as_long_as_nothing_was_ever_removed(held: History, whole: bool) -> None:
    assert held.whole is whole


def test_a_whole_stream_reaches_back_to_any_time() -> None:
    assert history(5, 5, NOW).reaches_back_to(NOW - 1000 * DAY)


@pytest.mark.parametrize(("since", "reached"), [(NOW - 2 * DAY, False), (NOW - DAY, True), (NOW, True)])
def test_an_aged_stream_reaches_back_to_its_oldest_message(since: datetime, reached: bool) -> None:
    assert history(5, 3, NOW - DAY).reaches_back_to(since) is reached


@pytest.mark.parametrize(("since", "reached"), [(NOW - 2 * DAY, False), (NOW - DAY, False), (NOW, True)])
def test_an_aged_stream_that_is_empty_reaches_back_to_its_last_message(since: datetime, reached: bool) -> None:
    assert history(5, 0, None, NOW - DAY).reaches_back_to(since) is reached


@pytest.mark.parametrize(
    ("held", "complete_from"),
    [
        (history(0, 0, None), None),
        (history(5, 5, NOW - DAY), None),
        (history(5, 3, NOW - DAY, NOW), NOW - DAY),
        (history(5, 0, None, NOW - DAY), NOW - DAY),
    ],
    ids=["never used", "all there", "aged at its front", "all aged"],
)
def test_a_stream_says_from_when_on_it_is_complete(held: History, complete_from: datetime | None) -> None:
    assert held.complete_from == complete_from


@pytest.mark.parametrize(
    ("oldest", "max_age", "ratio"),
    [(None, 14 * DAY, 0), (NOW - 7 * DAY, 14 * DAY, 0.5), (NOW + DAY, 14 * DAY, 0), (NOW - DAY, None, 0)],
)
def test_lag_is_the_part_of_the_way_to_loss(oldest: datetime | None, max_age: timedelta | None, ratio: float) -> None:
    assert lag_ratio(oldest, max_age, now=NOW) == ratio
