"""Where the visits of a day stand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

from services.portal.api.staff_grid import booked_minutes, grid_of, open_minutes
from services.portal.gateways.counter import Day, Entry, Held, Open, Resource
from services.portal.gateways.visits import Chosen
from services.portal.web.say import ZONE

DAY = date(2026, 12, 7)
ONE, TWO = Resource(resource="schalter-1", name="Schalter 1"), Resource(resource="schalter-2", name="Schalter 2")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZONE)


def opened(resource: Resource, first: int, last: int) -> Open:
    return Open.model_validate({"resource": resource.resource, "from": at(first), "to": at(last)})


def visit(begins: datetime, minutes: int, *resources: Resource, state: str = "booked") -> Entry:
    return Entry(
        booking_id=uuid4(),
        number="K7M2QX",
        state=state,
        resources=tuple(each.resource for each in resources),
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        items=(Chosen(service="hund"),),
        version=1,
    )


def day(*entries: Entry, hours: tuple[Open, ...]) -> Day:
    return Day(day=DAY, resources=(ONE, TWO), open=hours, entries=entries)


def test_a_visit_stands_in_the_column_of_its_counter_and_the_row_of_its_time() -> None:
    shown = day(visit(at(9, 40), 20, TWO), hours=(opened(ONE, 9, 12), opened(TWO, 9, 12)))

    grid = grid_of(shown, at(8))

    assert grid is not None
    (block,) = [each for each in grid.told if each.entry]
    assert (block.column, block.row, block.rows) == (2, 9, 4)
    assert (grid.begins, grid.rows, grid.now_row) == (at(9), 36, None)


def test_what_the_visits_leave_of_the_opening_hours_is_free() -> None:
    shown = day(visit(at(9, 40), 20, ONE), hours=(opened(ONE, 9, 12),))

    grid = grid_of(shown, at(10))

    assert grid is not None
    free = [(each.begins, each.ends) for each in grid.told if each.entry is None]
    assert free == [(at(9), at(9, 40)), (at(10), at(12))]


def test_the_now_line_stands_in_the_row_of_now() -> None:
    shown = day(hours=(opened(ONE, 9, 12),))

    grid = grid_of(shown, at(10, 7))

    assert grid is not None
    assert grid.now_row == 14


def test_a_visit_with_two_resources_is_told_once_and_seen_twice() -> None:
    shown = day(visit(at(10), 45, ONE, TWO), hours=(opened(ONE, 9, 12), opened(TWO, 9, 12)))

    grid = grid_of(shown, at(8))

    assert grid is not None
    assert [each.column for each in grid.told if each.entry] == [1]
    assert [each.column for each in grid.others] == [2]


def test_a_visit_outside_of_the_hours_or_at_a_counter_that_has_gone_is_still_seen() -> None:
    gone = Resource(resource="schalter-9", name="schalter-9")
    shown = day(visit(at(13), 20, gone), hours=(opened(ONE, 9, 12),))

    grid = grid_of(shown, at(8))

    assert grid is not None
    assert [each.resource for each in grid.columns] == ["schalter-1", "schalter-2", "schalter-9"]
    assert grid.rows == 60


def test_cancelled_visits_stand_nowhere() -> None:
    entries = (visit(at(9), 20, ONE, state="cancelled"), visit(at(9), 20, ONE, state="held"))

    assert grid_of(day(*entries, hours=()), at(8)) is None


def test_the_load_of_a_counter_is_counted_in_minutes() -> None:
    shown = day(visit(at(9), 20, ONE), visit(at(10), 45, ONE, TWO), hours=(opened(ONE, 9, 12), opened(TWO, 13, 16)))

    assert (booked_minutes(shown, "schalter-1"), open_minutes(shown, "schalter-1")) == (65, 180)
    assert booked_minutes(shown, "schalter-2") == 45


def test_an_office_that_is_open_all_day_fits_into_the_grid() -> None:
    hours = Open.model_validate({"resource": "schalter-1", "from": at(0), "to": at(23, 55)})

    grid = grid_of(day(hours=(hours,)), at(8))

    assert grid is not None
    assert grid.rows == 288


def test_what_is_held_and_what_follows_a_visit_is_not_free() -> None:
    held = Held(resources=("schalter-1",), starts_at=at(9, 20), free_at=at(9, 40), expires_at=at(8, 15))
    wedding = visit(at(10), 45, ONE).model_copy(update={"free_at": at(11)})
    shown = day(wedding, hours=(opened(ONE, 9, 12),)).model_copy(update={"held": (held,)})

    grid = grid_of(shown, at(8))

    assert grid is not None
    free = [(each.begins, each.ends) for each in grid.told if each.entry is None and each.held is None]
    assert free == [(at(9), at(9, 20)), (at(9, 40), at(10)), (at(11), at(12))]
    assert [(each.row, each.rows) for each in grid.told if each.held] == [(5, 4)]
    assert [(each.rows, each.needs) for each in grid.told if each.entry] == [(9, 12)]
