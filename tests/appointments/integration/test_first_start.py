"""A new installation begins with the opening hours of its master data; an old one keeps what people made of them."""

from __future__ import annotations

from datetime import time

from sqlalchemy import func, select, update

from chassis.database import Database
from chassis.storage import DatabaseStore
from services.appointments.first_start import FirstStart
from services.appointments.storage.calendars import load_calendar
from services.appointments.storage.master_data import read_master_data
from services.appointments.storage.tables import SeriesRow
from tests.appointments.openings import NOW


async def test_the_first_start_brings_opening_hours_and_the_second_changes_none(database_url: str) -> None:
    master, first = read_master_data()
    database = Database(database_url)
    store = DatabaseStore(
        database, package="services.appointments", identity="appointments", forbids=lambda _subject: False
    )
    starting = FirstStart(store, database, master, first, lambda: NOW)

    await starting.ready()
    async with database.transaction() as session:
        await session.execute(update(SeriesRow).values(to_time=time(18, 30)))
    await starting.ready()

    async with database.reading() as session:
        count = await session.scalar(select(func.count()).select_from(SeriesRow))
        calendar = await load_calendar(session, master, "buergerbuero")
    await database.close()
    assert count == len(first)
    assert {each.to_time for each in calendar.series} == {time(18, 30)}
