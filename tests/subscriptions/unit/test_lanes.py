"""Hosts share the window: a dead one costs the others nothing."""

from __future__ import annotations

import pytest

from services.subscriptions.domain.backlog import Backlog, Waiting
from services.subscriptions.domain.lanes import Lanes
from services.subscriptions.domain.retry import AWAY_PAUSES, DELAYS, PAUSES, delay, pause

FINE = "fine.example"
DEAD = "dead.example"


def lanes(*, together: int = 8) -> Lanes:
    return Lanes(largest_share=64, doubtful_together=together)


def served(shared: Lanes, host: str, times: int) -> None:
    for _ in range(times):
        shared.took(host)
        shared.answered_well(host)
        shared.left(host)


def filled(*rows: tuple[int, int, str]) -> Backlog:
    """A backlog of rows (id, urgency, host) that are ready."""
    backlog = Backlog()
    for delivery_id, urgency, host in rows:
        backlog.add(Waiting(0.0, delivery_id, urgency, host), at=0.0)
    return backlog


def taken(backlog: Backlog, shared: Lanes, most: int = 100, *, at: float = 0.0) -> list[int]:
    return [each.delivery_id for each in backlog.take(most, shared, at=at)]


def test_a_host_of_which_nothing_is_known_gets_one_and_then_more_and_more() -> None:
    shared = lanes()

    rooms = [shared.room(FINE, at=0)]
    for _ in range(8):
        served(shared, FINE, 1)
        rooms.append(shared.room(FINE, at=0))

    assert rooms == [1, 2, 4, 8, 16, 32, 64, 64, 64]


def test_hosts_in_doubt_share_a_part_of_the_window() -> None:
    shared = lanes(together=2)
    served(shared, FINE, 3)

    for host in ("a", "b"):
        shared.took(host)

    assert (shared.room("c", at=0), shared.room(FINE, at=0)) == (0, 8)


def test_a_place_of_the_doubtful_is_free_again_when_its_host_answers() -> None:
    shared = lanes(together=1)
    shared.took("a")
    assert shared.room("b", at=0) == 0

    shared.answered_well("a")

    assert shared.room("b", at=0) == 1


def test_a_host_without_an_answer_is_left_alone_longer_and_longer() -> None:
    shared = lanes()
    pauses: list[float] = []

    at = 0.0
    for _ in range(8):
        shared.took(DEAD)
        shared.failed(DEAD, at=at)
        shared.left(DEAD)
        ends = next(seconds for seconds in sorted(set(PAUSES)) if shared.room(DEAD, at=at + seconds))
        pauses.append(ends)
        at += ends

    assert pauses == [1, 2, 5, 10, 30, 60, 60, 60]
    assert (shared.paused(at=at - 1), shared.paused(at=at)) == (1, 0)


def test_failures_beside_each_other_are_one() -> None:
    shared = lanes()
    served(shared, DEAD, 4)

    for _ in range(4):
        shared.took(DEAD)
    for _ in range(4):
        shared.failed(DEAD, at=10)

    assert (shared.room(DEAD, at=10.9), shared.paused(at=10.9), shared.paused(at=11)) == (0, 1, 0)


def test_an_answer_ends_all_doubt() -> None:
    shared = lanes()
    shared.took(DEAD)
    shared.failed(DEAD, at=0)
    shared.left(DEAD)

    served(shared, DEAD, 2)
    shared.took(DEAD)
    shared.failed(DEAD, at=100)
    shared.left(DEAD)

    assert shared.room(DEAD, at=101) == 1


def test_a_host_that_puts_letters_off_is_not_paused_but_asked_gently() -> None:
    shared = lanes()
    served(shared, FINE, 6)

    shared.took(FINE)
    shared.put_off(FINE, at_once=4)

    assert shared.room(FINE, at=0) == 3


def test_a_host_that_stalls_gets_nothing_more_until_it_answers() -> None:
    shared = lanes()
    served(shared, FINE, 6)
    shared.took(FINE)

    shared.stalls(FINE)
    stalled = shared.room(FINE, at=0)
    shared.answered_well(FINE)

    assert (stalled, shared.room(FINE, at=0)) == (0, 1)


def test_while_the_relay_is_away_only_pushes_go_out() -> None:
    shared = lanes()

    news = [shared.relay_is_away(at=0), shared.relay_is_away(at=0.5), shared.relay_is_away(at=1)]

    assert news == [True, False, True]
    assert [shared.room(host, at=2.9) for host in (FINE, "push:p.example")] == [0, 1]
    assert shared.room(FINE, at=3) == 1


def test_the_more_urgent_row_goes_first_whatever_came_before() -> None:
    backlog = filled((1, 2, "a"), (2, 1, "b"), (3, 0, "c"))

    assert taken(backlog, lanes()) == [3, 2, 1]


def test_hosts_take_turns() -> None:
    shared = lanes()
    backlog = filled(*((number, 0, FINE) for number in range(10)), (10, 0, "b"), (11, 0, "c"))

    assert [taken(backlog, shared, 1) for _ in range(3)] == [[0], [10], [11]]


def test_what_waits_for_its_time_is_not_given_out_before() -> None:
    backlog = Backlog()
    backlog.add(Waiting(60.0, 1, 0, FINE), at=0.0)

    assert (taken(backlog, lanes(), at=59.9), backlog.ready()) == ([], 0)
    assert taken(backlog, lanes(), at=60.0) == [1]


def test_the_backlog_knows_how_much_is_ready() -> None:
    backlog = filled((1, 0, FINE), (2, 2, FINE), (3, 2, "b"))
    before = [backlog.ready(), backlog.ready(0), backlog.ready(2)]

    taken(backlog, lanes(), 2)
    after = backlog.ready()
    backlog.clear()

    assert (before, after, backlog.ready()) == ([3, 1, 2], 1, 0)


@pytest.mark.parametrize("attempts", range(1, 10))
def test_delays_grow_and_then_stay(attempts: int) -> None:
    assert delay(attempts) == DELAYS[min(attempts, 6) - 1]
    assert pause(attempts) <= 60
    assert pause(attempts, among=AWAY_PAUSES) <= 10
