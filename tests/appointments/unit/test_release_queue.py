"""The fair release by the clock: when it is, and whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from services.appointments.domain.master_data import Office, Release
from services.appointments.domain.release_queue import (
    PASS_VALID,
    Opening,
    Turn,
    is_queued,
    lot,
    next_opening,
    opening_of,
    order_key,
    ticket_id_of,
)
from services.appointments.domain.release_queue import (
    turn as turn_of,
)

KEY = b"k" * 32
OFFICE = Office(
    code="buergerbuero",
    name="Bürgerbüro",
    address="Bismarckstraße 5",
    phone="0",
    email=None,
    latest_minutes=30,
    days_ahead=60,
    release=Release(time(7, 30), gather_minutes=15, queue_minutes=30, admitted_per_minute=60),
    ticket_prefix="A",
)
DAY = date(2026, 7, 31)


def of(day: date, office: Office = OFFICE) -> Opening:
    opening = opening_of(office, day)
    assert opening is not None
    return opening


def always(_day: date) -> bool:
    return True


def turn(opening: Opening, rank: int, now: datetime, *, joined_at: datetime | None = None) -> Turn:
    """The turn of somebody who came before the release."""
    return turn_of(opening, rank, now, joined_at=joined_at or opening.opens_at)


OPENING = of(DAY)
MINUTE = timedelta(minutes=1)


def test_a_day_is_released_so_many_days_before_it_at_the_set_local_time() -> None:
    assert OPENING.opens_at == datetime(2026, 6, 1, 5, 15, tzinfo=UTC)
    assert OPENING.releases_at == datetime(2026, 6, 1, 5, 30, tzinfo=UTC)
    assert OPENING.closes_at == datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
    assert OPENING.name == "buergerbuero:2026-07-31"


@pytest.mark.parametrize(
    ("released_on", "utc"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 6, 30, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 5, 30, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 5, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 6, 30, tzinfo=UTC)),
    ],
)
def test_half_past_seven_is_half_past_seven_whatever_the_clocks_do(released_on: date, utc: datetime) -> None:
    opening = of(released_on + timedelta(days=60))

    assert opening.releases_at == utc
    assert opening.closes_at - opening.opens_at == timedelta(minutes=45)


def test_the_waiting_room_opens_before_the_release_and_closes_after_it() -> None:
    phases = [OPENING.phase(OPENING.releases_at + minutes * MINUTE) for minutes in (-16, -15, -1, 0, 29, 30)]

    assert phases == ["none", "gathering", "gathering", "admitting", "admitting", "none"]


def test_once_a_release_is_over_the_next_one_is_that_of_tomorrow() -> None:
    just_before = next_opening(OFFICE, OPENING.closes_at - timedelta(seconds=1), is_open=always)
    after = next_opening(OFFICE, OPENING.closes_at, is_open=always)

    assert just_before == OPENING
    assert after is not None
    assert after.day == DAY + timedelta(days=1)


def test_nobody_waits_for_a_day_that_is_closed_to_the_public() -> None:
    found = next_opening(OFFICE, OPENING.releases_at, is_open=lambda day: day == DAY + timedelta(days=3))
    none = next_opening(OFFICE, OPENING.releases_at, is_open=lambda _day: False)

    assert found == of(DAY + timedelta(days=3))
    assert none is None


def test_a_release_just_after_midnight_gathers_before_it() -> None:
    early = replace(OFFICE, release=Release(time(0, 5), gather_minutes=15, queue_minutes=30, admitted_per_minute=1))
    opening = of(DAY, early)

    found = next_opening(early, opening.opens_at, is_open=always)

    assert found == opening


def test_an_office_without_release_has_no_queue() -> None:
    plain = replace(OFFICE, release=None)

    assert opening_of(plain, DAY) is None
    assert next_opening(plain, OPENING.releases_at, is_open=always) is None
    assert not is_queued(plain, DAY, OPENING.releases_at)


def test_only_the_new_day_is_queued_for_and_only_until_the_room_closes() -> None:
    at = OPENING.releases_at + MINUTE

    assert is_queued(OFFICE, DAY, at)
    assert not is_queued(OFFICE, DAY - timedelta(days=1), at)
    assert not is_queued(OFFICE, DAY, OPENING.closes_at)


def test_who_came_before_the_release_gets_a_place_by_lot_and_late_ones_come_behind() -> None:
    early = [order_key(OPENING, KEY, uuid4(), joined_at=OPENING.opens_at) for _ in range(50)]
    on_time = order_key(OPENING, KEY, uuid4(), joined_at=OPENING.releases_at)
    late = order_key(OPENING, KEY, uuid4(), joined_at=OPENING.releases_at + MINUTE)

    assert all(0 <= each < 1 for each in early)
    assert on_time == 1
    assert late == 61


def test_the_lot_favours_nobody_and_asking_again_does_not_change_it() -> None:
    tickets = [uuid4() for _ in range(2000)]

    drawn = [lot(KEY, each) for each in tickets]

    assert drawn == [lot(KEY, each) for each in tickets]
    assert drawn != [lot(b"x" * 32, each) for each in tickets]
    assert 0.45 < sum(drawn) / len(drawn) < 0.55


def test_the_tickets_of_an_address_are_the_same_ones_each_time() -> None:
    assert ticket_id_of(KEY, OPENING, "mac", 0) == ticket_id_of(KEY, OPENING, "mac", 0)
    assert len({ticket_id_of(KEY, OPENING, mac, number) for mac in ("a", "b") for number in range(3)}) == 6


def test_before_the_release_nobody_learns_what_they_have_drawn() -> None:
    first, last = turn(OPENING, 0, OPENING.opens_at), turn(OPENING, 1999, OPENING.opens_at)

    assert first == last
    assert first.ahead is None
    assert first.seconds_to_wait == 900


def test_sixty_a_minute_are_let_in_one_after_the_other() -> None:
    second = timedelta(seconds=1)

    assert turn(OPENING, 0, OPENING.releases_at).admitted
    assert not turn(OPENING, 1, OPENING.releases_at).admitted
    assert turn(OPENING, 90, OPENING.releases_at + 90 * second).admitted
    waiting = turn(OPENING, 90, OPENING.releases_at + 30 * second)
    assert (waiting.ahead, waiting.admitted, waiting.seconds_to_wait) == (60, False, 60)


def test_a_turn_lasts_ten_minutes() -> None:
    due = OPENING.releases_at + MINUTE

    inside, over = turn(OPENING, 60, due + PASS_VALID - MINUTE), turn(OPENING, 60, due + PASS_VALID)

    assert inside.admitted
    assert not over.admitted
    assert inside.admitted_until == over.admitted_until == due + PASS_VALID


def test_whoever_comes_late_to_a_short_queue_is_let_in_and_has_their_ten_minutes() -> None:
    came = OPENING.releases_at + 20 * MINUTE

    at_once = turn(OPENING, 3, came, joined_at=came)
    over = turn(OPENING, 3, came + PASS_VALID, joined_at=came)

    assert (at_once.admitted, at_once.admitted_until) == (True, came + PASS_VALID)
    assert not over.admitted
