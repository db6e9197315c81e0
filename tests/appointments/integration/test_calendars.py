"""Opening hours in the database."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

from sqlalchemy import delete, func, select

from services.appointments.storage.calendars import load_calendar, seed_series, state_holidays, version_of
from services.appointments.storage.master_data import FirstSeries
from services.appointments.storage.tables import CalendarRow, SeriesRow
from tests.appointments.openings import OFFICE, TUESDAY, a_database, a_master, a_series, special

FIRST = FirstSeries(OFFICE, ("one", "two"), "public", (0, 2), 2, (time(9), time(12)), "Jede zweite Woche")


async def test_a_calendar_comes_back_as_it_was_written(database_url: str) -> None:
    series = a_series("one", "two", every_weeks=2, last_day=TUESDAY, note="Winter")
    closure = special("closed", from_time=time(10), to_time=time(11))
    opening = special("open", resources=("two",), audience="internal", even_on_holidays=True)

    async with a_database(database_url, (series, closure, opening)) as database, database.reading() as session:
        found = await load_calendar(session, a_master(), OFFICE)

    assert (found.office, found.version, found.series) == (OFFICE, 1, (series,))
    assert {each.exception_id: each for each in found.exceptions} == {
        each.exception_id: each for each in (closure, opening)
    }
    assert found.holidays is state_holidays()


async def test_a_resource_that_is_gone_is_left_out_and_its_closure_closes_nothing_else(tmp_path: Path) -> None:
    gone = a_series("one", "abgebaut"), special("closed", resources=("abgebaut",))

    async with a_database(f"sqlite+aiosqlite:///{tmp_path}/s.sqlite", gone) as database, database.reading() as session:
        found = await load_calendar(session, a_master(), OFFICE)

    assert found.series[0].resources == ("one",)
    assert found.exceptions[0].resources == ()


async def test_the_first_hours_are_written_once_and_what_people_deleted_stays_deleted(database_url: str) -> None:
    master, today = a_master(), date(2026, 11, 25)

    async with a_database(database_url) as database:
        async with database.transaction() as session:
            await session.execute(delete(CalendarRow))
            await seed_series(session, master, [FIRST], today)
        async with database.reading() as session:
            seeded = await load_calendar(session, master, OFFICE)
            versions = [await version_of(session, each) for each in (*master.offices, "nirgends")]
        async with database.transaction() as session:
            await session.execute(delete(SeriesRow))
            await seed_series(session, master, [FIRST], today)
            left = await session.scalar(select(func.count()).select_from(SeriesRow))

    [series] = seeded.series
    assert (series.resources, series.weekdays, series.every_weeks) == (("one", "two"), (0, 2), 2)
    assert (series.first_day, series.last_day, series.note) == (today, None, "Jede zweite Woche")
    assert versions == [1, 1, 0]
    assert left == 0
