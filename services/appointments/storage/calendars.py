"""Opening hours in the database, and the holidays that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from chassis.holidays import holidays_of
from services.appointments.domain.calendar import Capacity, OfficeCalendar, Series, SpecialDays
from services.appointments.domain.master_data import MasterData
from services.appointments.storage.master_data import FirstSeries
from services.appointments.storage.tables import CalendarRow, ExceptionRow, SeriesRow

FIRST_VERSION = 1
_YEARS = range(2000, 2101)
_CAPACITIES: dict[str, Capacity] = {"public": "public", "internal": "internal"}


@cache
def state_holidays() -> Mapping[date, str]:
    """Return the holidays of all years for which there could be opening hours."""
    return {day: name for year in _YEARS for day, name in holidays_of(year).items()}


async def load_calendar(session: AsyncSession, master: MasterData, office: str) -> OfficeCalendar:
    """Read the opening hours of an office; resources that the master data no longer know are left out."""
    known = frozenset(each.code for each in master.of_office(office))
    by_series = select(SeriesRow).where(SeriesRow.office == office)
    series = await session.scalars(by_series.order_by(SeriesRow.first_day, SeriesRow.from_time, SeriesRow.series_id))
    by_day = select(ExceptionRow).where(ExceptionRow.office == office)
    special = await session.scalars(by_day.order_by(ExceptionRow.first_day, ExceptionRow.exception_id))
    return OfficeCalendar(
        office=office,
        version=await version_of(session, office),
        series=tuple(_series(row, known) for row in series),
        exceptions=tuple(_special(row, known) for row in special),
        holidays=state_holidays(),
    )


async def version_of(session: AsyncSession, office: str) -> int:
    """Return how often the opening hours of an office were changed, the first ones included; 0: there are none yet."""
    return await session.scalar(select(CalendarRow.version).where(CalendarRow.office == office)) or 0


async def seed_series(session: AsyncSession, master: MasterData, first: Iterable[FirstSeries], today: date) -> None:
    """Write the opening hours of a new installation; an office that has a calendar keeps it, were it empty."""
    for office in master.offices:
        fresh = insert_if_absent(session, CalendarRow).values(office=office, version=FIRST_VERSION)
        if await session.scalar(fresh.returning(CalendarRow.office)) is None:
            continue
        session.add_all(series_row(office, _first(each, today)) for each in first if each.office == office)


def series_row(office: str, series: Series) -> SeriesRow:
    """Return the row of a series."""
    return SeriesRow(
        series_id=series.series_id,
        office=office,
        resources=list(series.resources),
        audience=series.audience,
        weekdays=list(series.weekdays),
        every_weeks=series.every_weeks,
        from_time=series.from_time,
        to_time=series.to_time,
        first_day=series.first_day,
        last_day=series.last_day,
        note=series.note,
    )


def special_row(office: str, special: SpecialDays) -> ExceptionRow:
    """Return the row of special days."""
    return ExceptionRow(
        exception_id=special.exception_id,
        office=office,
        resources=None if special.resources is None else list(special.resources),
        kind=special.kind,
        audience=special.audience,
        first_day=special.first_day,
        last_day=special.last_day,
        from_time=special.from_time,
        to_time=special.to_time,
        even_on_holidays=special.even_on_holidays,
        reason=special.reason,
    )


def _first(first: FirstSeries, today: date) -> Series:
    from_time, to_time = first.hours
    return Series(
        series_id=uuid4(),
        resources=first.resources,
        audience=first.audience,
        weekdays=first.weekdays,
        every_weeks=first.every_weeks,
        from_time=from_time,
        to_time=to_time,
        first_day=today,
        last_day=None,
        note=first.note,
    )


def _series(row: SeriesRow, known: frozenset[str]) -> Series:
    return Series(
        series_id=row.series_id,
        resources=tuple(each for each in row.resources if each in known),
        audience=_CAPACITIES[row.audience],
        weekdays=tuple(row.weekdays),
        every_weeks=row.every_weeks,
        from_time=row.from_time,
        to_time=row.to_time,
        first_day=row.first_day,
        last_day=row.last_day,
        note=row.note,
    )


def _special(row: ExceptionRow, known: frozenset[str]) -> SpecialDays:
    return SpecialDays(
        exception_id=row.exception_id,
        resources=None if row.resources is None else tuple(each for each in row.resources if each in known),
        kind="closed" if row.kind == "closed" else "open",
        audience=_CAPACITIES[row.audience],
        first_day=row.first_day,
        last_day=row.last_day,
        from_time=row.from_time,
        to_time=row.to_time,
        even_on_holidays=row.even_on_holidays,
        reason=row.reason,
    )
