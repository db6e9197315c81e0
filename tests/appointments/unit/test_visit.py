"""What a wish takes, and when it can be booked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from services.appointments.domain.booking import Item, Wish
from services.appointments.domain.master_data import MasterData, Need, Release
from services.appointments.domain.offer import MOST_A_DAY, offered, thinned
from services.appointments.domain.refusal import NotOfferedError
from services.appointments.domain.ticks import local_tick, tick_of
from services.appointments.domain.visit import Visit, visit_of
from services.appointments.domain.window import Window, window_of
from tests.appointments.openings import NOW, OFFICE, TUESDAY, WEDDING, a_master, a_service, local

TODAY = date(2026, 11, 30)
RELEASE = Release(time(7, 30), 15, 30, 60)


def wish(*items: tuple[str, int]) -> Wish:
    return Wish(OFFICE, tuple(Item(*each) for each in items))


def test_minutes_and_counts_add_up_and_the_longest_buffer_counts_once() -> None:
    master = a_master()
    counters = Need("counter", ("one", "two"))
    tidy, slow = a_service("tidy", 7, counters, buffer=3), a_service("slow", 11, counters, buffer=10)
    master = MasterData(master.offices, master.resources, {"tidy": tidy, "slow": slow})

    visit = visit_of(master, wish(("tidy", 2), ("slow", 1), ("tidy", 1)))

    assert (visit.visit_ticks, visit.ticks) == (7, 9)
    assert visit.ways == (("one",), ("two",))


def test_several_services_take_one_counter_that_does_them_all() -> None:
    visit = visit_of(a_master(), wish(("pass", 2), ("dog", 1)))

    assert visit.ways == (("two",), ("three",))
    assert visit.visit_ticks == 10


def test_different_kinds_are_taken_together() -> None:
    visit = visit_of(a_master(), WEDDING)

    assert visit.ways == (("clerk", "room"),)
    assert (visit.visit_ticks, visit.ticks) == (9, 12)


def test_a_service_that_needs_two_of_a_kind_gets_two_different_ones() -> None:
    master = a_master()
    both = Need("counter", ("one", "two"))
    pair = a_service("pair", 30, both, both)

    visit = visit_of(MasterData(master.offices, master.resources, {"pair": pair}), wish(("pair", 1)))

    assert visit.ways == (("one", "two"), ("two", "one"))


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (Wish("nirgends", (Item("pass"),)), "unknown"),
        (wish(("zauberei", 1)), "unknown"),
        (wish(), "unknown"),
        (Wish("archiv", (Item("pass"),)), "not_here"),
        (wish(("pass", 5)), "too_many"),
        (wish(("pass", 0)), "too_many"),
        (wish(("pass", 3), ("pass", 3)), "too_many"),
    ],
)
def test_what_is_not_offered_says_why(asked: Wish, reason: str) -> None:
    with pytest.raises(NotOfferedError) as refused:
        visit_of(a_master(), asked)

    assert refused.value.reason == reason


def test_the_public_books_from_some_minutes_ahead_to_some_days_ahead() -> None:
    found = window_of(a_master().offices[OFFICE], "public", NOW + timedelta(seconds=1))

    assert found == Window(tick_of(NOW) + 7, TODAY + timedelta(days=60))


def test_staff_book_the_five_minutes_that_run_now() -> None:
    found = window_of(a_master(release=RELEASE).offices[OFFICE], "staff", NOW + timedelta(minutes=4))

    assert found == Window(tick_of(NOW), TODAY + timedelta(days=400))


@pytest.mark.parametrize(("at", "days"), [((7, 29), 59), ((7, 30), 60), ((23, 59), 60), ((0, 0), 59)])
def test_the_newest_day_joins_at_the_time_of_its_release(at: tuple[int, int], days: int) -> None:
    found = window_of(a_master(release=RELEASE).offices[OFFICE], "public", local(TODAY, *at))

    assert found.last_day == TODAY + timedelta(days=days)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_release_is_at_local_time_on_the_days_of_the_clock_changes_too(day: date) -> None:
    office = a_master(release=RELEASE).offices[OFFICE]

    before = window_of(office, "public", local(day, 7, 30) - timedelta(seconds=1))
    after = window_of(office, "public", local(day, 7, 30))

    assert (after.last_day - before.last_day).days == 1


def test_a_short_visit_begins_at_any_tick_and_a_long_one_leaves_no_gap() -> None:
    free = [0b0111_1111_1011]

    short = offered(Visit(OFFICE, (("one",),), 2, 2), free)
    long = offered(Visit(OFFICE, (("one",),), 4, 3), free)

    assert short == 0b0011_1111_1001
    assert long == 0b0000_1000_1000


def test_a_day_never_has_more_beginnings_than_anybody_reads() -> None:
    base = local_tick(TUESDAY, time())

    found = thinned((1 << 288) - 1, base, first_tick=0)
    rest = thinned((1 << 288) - 1, base, first_tick=base + 280)

    assert len(found) <= MOST_A_DAY
    assert [one - other for one, other in zip(found[1:], found, strict=False)] == [5] * (len(found) - 1)
    assert rest == list(range(base + 280, base + 288))


def test_the_window_refuses_what_lies_outside() -> None:
    window = Window(tick_of(NOW), TODAY)

    reasons: list[str] = []
    for at in (NOW - timedelta(minutes=5), NOW + timedelta(days=1)):
        with pytest.raises(NotOfferedError) as refused:
            window.check(tick_of(at))
        reasons.append(refused.value.reason)

    assert reasons == ["too_soon", "too_far"]


def test_midnight_belongs_to_the_new_day() -> None:
    window = Window(tick_of(NOW), TODAY)
    midnight: datetime = local(TODAY + timedelta(days=1), 0)

    window.check(tick_of(midnight) - 1)

    with pytest.raises(NotOfferedError):
        window.check(tick_of(midnight))
