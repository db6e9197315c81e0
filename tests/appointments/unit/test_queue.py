"""Whose turn it is, and how long the others wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.appointments.domain.hall import Awaited, pace, rounded
from services.appointments.domain.queue import ArrivalError, Ticket, check_arrival, counters_for, queued, shown
from tests.appointments.queues import COLLECT, CONDUCT, DOG, MASTER, MONDAY, OFFICE, PASSPORT, a_hall, a_ticket


def order(*tickets: Ticket, at: float = 0) -> list[int]:
    return [each.number for each in queued(tickets, MONDAY + timedelta(minutes=at))]


def served(number: int, minutes: float) -> Ticket:
    done = a_ticket(number, state="done", resource="schalter-1", called_at=MONDAY - timedelta(minutes=90))
    assert done.called_at is not None
    return replace(done, ended_at=done.called_at + timedelta(minutes=minutes))


def test_appointments_that_are_due_come_first_then_walk_ins_then_the_early() -> None:
    early, walk_in, due = a_ticket(1, due=30), a_ticket(2, joined=-20), a_ticket(3, due=5)

    assert order(early, walk_in, due) == [3, 2, 1]


def test_an_early_one_moves_up_when_the_time_comes() -> None:
    early, walk_in = a_ticket(1, due=30), a_ticket(2, joined=-20)

    assert order(early, walk_in, at=24) == [2, 1]
    assert order(early, walk_in, at=25) == [1, 2]


def test_two_appointments_go_by_their_time_and_not_by_their_arrival() -> None:
    assert order(a_ticket(1, joined=-40, due=0), a_ticket(2, joined=-5, due=-10)) == [2, 1]


def test_who_is_late_by_more_than_a_quarter_of_an_hour_waits_from_the_arrival_on() -> None:
    late, walk_in, just = a_ticket(1, joined=0, due=-16), a_ticket(2, joined=-1), a_ticket(3, joined=0, due=-15)

    assert order(late, walk_in, just) == [3, 2, 1]


def test_a_counter_must_do_all_of_it_and_a_room_calls_nobody() -> None:
    assert counters_for(MASTER, OFFICE, [DOG]) == {"schalter-2", "schalter-3"}
    assert counters_for(MASTER, OFFICE, [DOG, CONDUCT]) == {"schalter-2"}
    assert counters_for(MASTER, "luederitz", [DOG]) == set()
    assert counters_for(MASTER, "standesamt", [replace(DOG, service="eheschliessung")]) == {"standesbeamtin"}


def test_two_counters_share_those_who_wait() -> None:
    ahead = [a_ticket(1), a_ticket(2), a_ticket(3, items=(COLLECT,))]
    hall = a_hall(*ahead)

    assert hall.minutes([PASSPORT], ahead) == 20
    assert hall.minutes([PASSPORT], []) == 0


def test_only_counters_that_call_today_count_and_whoever_is_there_takes_time() -> None:
    called = MONDAY - timedelta(minutes=5)
    there = a_ticket(1, state="serving", resource="schalter-1", called_at=called)
    hall = a_hall(there)

    assert hall.minutes([PASSPORT], []) == 15


def test_when_nobody_does_it_now_there_is_no_estimate() -> None:
    hall = a_hall(open_until={})

    assert hall.minutes([PASSPORT], []) is None
    assert not hall.is_offered([PASSPORT])


def test_a_slow_day_makes_the_wait_longer_but_three_visits_are_needed_to_know() -> None:
    assert pace(MASTER, [served(1, 30), served(2, 30)]) == 1
    assert pace(MASTER, [served(1, 30), served(2, 30), served(3, 30)]) == 1.5
    assert pace(MASTER, [served(1, 300), served(2, 300), served(3, 300)]) == 2


def test_appointments_that_are_still_to_come_are_counted_in() -> None:
    noon = MONDAY + timedelta(hours=2)
    awaited = tuple(Awaited(MONDAY + timedelta(minutes=minutes), (PASSPORT,)) for minutes in (0, 20, 90))
    hall = a_hall(awaited=awaited, open_until={"schalter-1": noon})

    assert hall.minutes([PASSPORT], []) == 40
    assert hall.minutes([PASSPORT], [], MONDAY + timedelta(minutes=20)) == 20


def test_nobody_gets_a_number_who_would_not_be_served_before_the_counters_close() -> None:
    soon = MONDAY + timedelta(minutes=30)
    crowd = [a_ticket(number) for number in (1, 2)]

    assert a_hall(crowd[0], open_until={"schalter-1": soon}).is_offered([PASSPORT])
    assert not a_hall(*crowd, open_until={"schalter-1": soon}).is_offered([PASSPORT])


@pytest.mark.parametrize(
    ("minutes", "told"), [(None, None), (0.0, 0), (0.2, 5), (5.0, 5), (11.0, 15), (60.0, 60), (61.0, 75)]
)
def test_an_estimate_has_no_false_precision(minutes: float | None, told: int | None) -> None:
    assert rounded(minutes) == told


@pytest.mark.parametrize(
    ("office", "today", "minutes", "reason"),
    [(OFFICE, True, 61, "early"), ("luederitz", True, 0, "other_office"), (OFFICE, False, 0, "other_day")],
)
def test_who_is_wrong_here_or_now_hears_why(office: str, *, today: bool, minutes: int, reason: str) -> None:
    starts_at = MONDAY + timedelta(minutes=minutes)

    with pytest.raises(ArrivalError) as refused:
        check_arrival(office=office, expected_at=OFFICE, starts_at=starts_at, today=today, now=MONDAY)

    assert (refused.value.reason, refused.value.at) == (reason, starts_at)


def test_an_hour_before_is_not_too_early_and_a_number_is_short() -> None:
    starts_at = MONDAY + timedelta(minutes=60)

    check_arrival(office=OFFICE, expected_at=OFFICE, starts_at=starts_at, today=True, now=MONDAY)

    assert shown(MASTER.offices[OFFICE], 12) == "A012"
