"""The planner: what is offered to whom, on opening hours and claims in a real database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from chassis.database import Database
from services.appointments.domain.booking import Item
from services.appointments.domain.calendar import Series, SpecialDays
from services.appointments.domain.master_data import MasterData, Need, Release, Resource
from services.appointments.domain.refusal import NotOfferedError
from services.appointments.planner import Busy, Planner
from services.appointments.storage.calendars import series_row, special_row
from services.appointments.storage.tables import CalendarRow
from tests.appointments import openings
from tests.appointments.openings import NOW, OFFICE, PASS, PICK_UP, TUESDAY, WEDDING, an_allocation, claim, local

TODAY = TUESDAY - timedelta(days=1)
PARTS: tuple[Series | SpecialDays, ...] = (
    openings.a_series("one", "two"),
    openings.a_series("three", audience="internal"),
    openings.a_series("clerk", weekdays=(1,), to_time=time(12)),
    openings.a_series("room", weekdays=(1,), from_time=time(9, 30), to_time=time(12)),
)
MORNING = [local(TUESDAY, 9) + timedelta(minutes=20 * each) for each in range(9)]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with openings.a_database(f"sqlite+aiosqlite:///{tmp_path}/service.sqlite", PARTS) as ready:
        yield ready


@pytest.fixture
def planner(database: Database) -> Planner:
    return openings.a_planner(database)


async def starts(planner: Planner, day: date = TUESDAY, *, now: datetime = NOW) -> list[datetime]:
    [found] = await planner.days(PASS, day, 1, audience="public", now=now)
    return list(found.starts)


async def test_free_times_are_packed_from_the_begin_of_each_free_stretch(planner: Planner) -> None:
    fresh = await starts(planner)
    for counter in ("one", "two"):
        planner.took(an_allocation(local(TUESDAY, 9, 20), 10, counter), expires_at=None)
    around = await starts(planner)

    assert fresh == MORNING
    assert around[:3] == [local(TUESDAY, 9), local(TUESDAY, 9, 30), local(TUESDAY, 9, 50)]


async def test_a_visit_and_its_buffer_lie_in_open_time_of_all_that_it_takes(planner: Planner) -> None:
    [found] = await planner.days(WEDDING, TUESDAY, 1, audience="public", now=NOW)

    assert found.starts == (local(TUESDAY, 9, 30), local(TUESDAY, 10, 30))
    with pytest.raises(NotOfferedError, match="closed"):
        await planner.candidates(WEDDING, local(TUESDAY, 11, 5), audience="staff", now=NOW)
    [only] = await planner.candidates(WEDDING, local(TUESDAY, 11), audience="public", now=NOW)
    assert (only.resources, only.ticks, only.visit_ticks) == (("clerk", "room"), 12, 9)


async def test_candidates_spread_over_the_counters_and_taken_ones_come_last(planner: Planner) -> None:
    await starts(planner)
    planner.took(an_allocation(local(TUESDAY, 11), 60, "one"), expires_at=None)
    quiet = await planner.candidates(PASS, MORNING[0], audience="public", now=NOW)
    planner.took(an_allocation(MORNING[0], 20, "two"), expires_at=NOW + timedelta(minutes=15))
    taken = await planner.candidates(PASS, MORNING[0], audience="public", now=NOW)
    later = await planner.candidates(PASS, MORNING[0], audience="public", now=NOW + timedelta(minutes=15))

    assert [each.resources for each in quiet] == [("two",), ("one",)]
    assert [each.resources for each in taken] == [("one",), ("two",)]
    assert [each.resources for each in later] == [("two",), ("one",)]


async def test_staff_are_given_internal_capacity_first_and_any_counter_they_ask_for(planner: Planner) -> None:
    anywhere = await planner.candidates(PASS, MORNING[0], audience="staff", now=NOW)
    there = await planner.candidates(PASS, MORNING[0], audience="staff", now=NOW, resource="two")

    assert [each.resources for each in anywhere] == [("three",), ("one",), ("two",)]
    assert [each.resources for each in there] == [("two",)]


@pytest.mark.parametrize(
    ("at", "resource", "reason"),
    [
        (local(TUESDAY, 12), None, "closed"),
        (local(TUESDAY, 9) + timedelta(minutes=2), None, "closed"),
        (local(TUESDAY, 9), "three", "closed"),
        (local(TUESDAY, 9), "room", "not_here"),
        (local(TUESDAY, 9), "keller", "unknown"),
        (NOW + timedelta(minutes=25), None, "too_soon"),
        (NOW + timedelta(days=70), None, "too_far"),
    ],
)
async def test_what_the_calendar_does_not_offer_says_why(
    planner: Planner, at: datetime, resource: str | None, reason: str
) -> None:
    with pytest.raises(NotOfferedError) as refused:
        await planner.candidates(PASS, at, audience="public", now=NOW, resource=resource)

    assert refused.value.reason == reason


async def test_today_begins_some_minutes_ahead_for_the_public_and_now_for_staff(planner: Planner) -> None:
    now = local(TODAY, 10, 2)

    public = await starts(planner, TODAY, now=now)
    [staff] = await planner.days(PICK_UP, TODAY, 1, audience="staff", now=now)

    assert public[0] == local(TODAY, 10, 40)
    assert staff.starts[0] == local(TODAY, 10)


async def test_each_day_without_free_times_says_why(database: Database) -> None:
    closure = openings.special("closed", TUESDAY + timedelta(days=2), reason="Umzug")
    master = openings.a_master(days_ahead=30)
    async with database.transaction() as session:
        session.add(special_row(OFFICE, closure))
    planner = openings.a_planner(database, master)

    found = await planner.days(PASS, TODAY - timedelta(days=1), 33, audience="public", now=local(TODAY, 11, 30))

    by_day = {each.day: (each.closed, each.closed_name) for each in found if not each.starts}
    assert by_day[TODAY - timedelta(days=1)] == ("over", None)
    assert by_day[TODAY] == ("over", None)
    assert by_day[closure.first_day] == ("closure", "Umzug")
    assert by_day[date(2026, 12, 5)] == ("no_hours", None)
    assert by_day[date(2026, 12, 25)][0] == "holiday"
    assert by_day[TODAY + timedelta(days=31)] == ("not_yet", None)


async def test_a_day_that_is_fully_booked_is_not_closed(planner: Planner) -> None:
    await starts(planner)
    for counter in ("one", "two"):
        planner.took(an_allocation(local(TUESDAY, 9), 180, counter), expires_at=None)

    [found] = await planner.days(PASS, TUESDAY, 1, audience="public", now=NOW)

    assert (found.starts, found.closed) == ((), None)


async def test_the_newest_day_opens_at_the_minute_of_its_release(database: Database) -> None:
    planner = openings.a_planner(database, openings.a_master(Release(time(7, 30), 15, 30, 60), days_ahead=1))
    before, after = local(TODAY, 7, 30) - timedelta(seconds=1), local(TODAY, 7, 30)

    early = await planner.days(PASS, TUESDAY, 1, audience="public", now=before)
    staff = await planner.days(PASS, TUESDAY, 1, audience="staff", now=before)
    released = await starts(planner, now=after)

    assert (early[0].starts, early[0].closed) == ((), "not_yet")
    assert staff[0].starts
    assert released == MORNING


async def test_a_freed_time_is_for_staff_and_the_waiting_list_until_its_quarantine_ends(database: Database) -> None:
    until = NOW + timedelta(minutes=20)
    for counter in ("one", "two"):
        await claim(database, an_allocation(local(TUESDAY, 9), 160, counter), "booked")
        await claim(database, an_allocation(MORNING[-1], 20, counter), "quarantine", until)
    planner = openings.a_planner(database)

    public = await starts(planner)
    [waiting] = await planner.days_over_quarantine(PASS, TUESDAY, 1, now=NOW)
    later = await starts(planner, now=until)
    staff = await planner.candidates(PASS, MORNING[-1], audience="staff", now=NOW, resource="one")

    assert public == []
    assert list(waiting.starts) == later == MORNING[-1:]
    assert len(staff) == 1


async def test_to_move_a_visit_its_own_time_counts_as_free(planner: Planner) -> None:
    await starts(planner)
    own = an_allocation(MORNING[0], 20, "two")
    planner.took(own, expires_at=None)
    planner.took(an_allocation(MORNING[0], 180, "one"), expires_at=None)

    [found] = await planner.days(PASS, TUESDAY, 1, audience="public", now=NOW, besides=own)
    ways = await planner.candidates(PASS, MORNING[0] + timedelta(minutes=5), audience="public", now=NOW, besides=own)

    assert list(found.starts) == MORNING
    assert [each.resources for each in ways] == [("two",), ("one",)]


async def test_the_earliest_of_all_offices_comes_first_and_an_office_without_any_last(database: Database) -> None:
    master, wednesday = openings.a_master(days_ahead=20), TUESDAY + timedelta(days=1)
    depot, closed = Resource("depot", "archiv", "counter", "depot"), Resource("stand", "markt", "counter", "stand")
    needs = {"archiv": (Need("counter", ("depot",)),), "markt": (Need("counter", ("stand",)),)}
    everywhere = replace(master.services["pass"], needs={**needs, **master.services["pass"].needs})
    markt = replace(master.offices["archiv"], code="markt")
    master = MasterData(
        {"markt": markt, **master.offices},
        {**master.resources, "depot": depot, "stand": closed},
        {**master.services, "pass": everywhere},
    )
    async with database.transaction() as session:
        session.add(series_row("archiv", openings.a_series("depot", weekdays=(2,))))
    for day in (TODAY, TUESDAY, wednesday):
        await claim(database, an_allocation(local(day, 9), 180, "one", "two"), "booked")
    planner = openings.a_planner(database, master)

    found = await planner.earliest((Item("pass"),), audience="public", now=NOW)
    only_here = await planner.earliest((Item("pass"), Item("dog")), audience="public", now=NOW)

    assert found == [
        ("archiv", local(wednesday, 9)),
        (OFFICE, local(wednesday + timedelta(days=1), 9)),
        ("markt", None),
    ]
    assert [office for office, _at in only_here] == [OFFICE]
    with pytest.raises(NotOfferedError):
        await planner.earliest((Item("zauberei"),), audience="public", now=NOW)


async def test_free_and_busy_tells_when_and_never_what(database: Database) -> None:
    visit = an_allocation(local(TUESDAY, 9), 20, "one")
    await claim(database, visit, "booked")
    await claim(database, an_allocation(local(TUESDAY, 9, 20), 20, "one"), "hold", NOW + timedelta(minutes=15))
    planner = openings.a_planner(database)

    found = await planner.busy(OFFICE, TODAY, 3, now=NOW)

    assert found == [Busy("one", visit.first_tick, visit.first_tick + 8)]
    with pytest.raises(NotOfferedError):
        await planner.busy("nirgends", TODAY, 3, now=NOW)


async def test_new_opening_hours_hold_once_the_old_ones_are_forgotten(database_url: str) -> None:
    async with openings.a_database(database_url, PARTS) as database:
        patient, impatient = openings.a_planner(database), openings.a_planner(database, replica_seconds=0)
        before = [await starts(each) for each in (patient, impatient)]
        async with database.transaction() as session:
            session.add(special_row(OFFICE, openings.special("closed")))
            row = await session.get(CalendarRow, OFFICE)
            assert row is not None
            row.version += 1

        unasked = await starts(impatient)
        patient.forget(OFFICE)
        after = await starts(patient)
        calendar = await patient.calendar(OFFICE)

    assert before == [MORNING, MORNING]
    assert unasked == (MORNING if database.is_sqlite else [])
    assert after == []
    assert calendar.version == 2


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_over_a_change_of_the_clocks_every_visit_is_as_long_as_any_other(tmp_path: Path, day: date) -> None:
    night = openings.a_series("one", weekdays=(6,), from_time=time(1), to_time=time(4))
    async with openings.a_database(f"sqlite+aiosqlite:///{tmp_path}/n.sqlite", [night]) as database:
        planner = openings.a_planner(database)

        found = await starts(planner, day, now=local(day - timedelta(days=3), 9))

    hours = (found[-1] + timedelta(minutes=20) - found[0]).total_seconds() / 3600
    assert found[0] == local(day, 1)
    assert hours == (2 if day.month == 3 else 4)
    assert {other - one for one, other in pairwise(found)} == {timedelta(minutes=20)}
