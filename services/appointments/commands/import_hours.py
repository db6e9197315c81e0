"""Take over opening hours from a table; what is there stays, and the same file again changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import uuid4

import structlog

from services.appointments.commands.edit_calendar import Draft, save, show_calendar
from services.appointments.desk import Desk
from services.appointments.domain.calendar import Series
from services.appointments.domain.calendar_record import hours_of
from services.appointments.domain.calendar_rules import InvalidHoursError
from services.appointments.domain.hours_file import HoursRow, read_hours
from services.appointments.domain.refusal import StaleError
from services.appointments.domain.table_file import Refused
from services.appointments.domain.ticks import LOCAL

log = structlog.stdlib.get_logger()
BY = "import"
_ATTEMPTS = 5


@dataclass(slots=True)
class Report:
    """Every row of a file, accounted for."""

    added: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list[Refused])
    noted: list[Refused] = field(default_factory=list[Refused])
    """Rows that were taken over, and what somebody should know about them."""

    @property
    def rows(self) -> int:
        """Return how many there were."""
        return self.added + self.unchanged + len(self.refused)


async def import_hours(desk: Desk, content: bytes) -> Report:
    """Add the series of a table to what the offices have. UnreadableError when it is none."""
    report, by_office = Report(), dict[str, list[HoursRow]]()
    for row in await asyncio.to_thread(lambda: list(read_hours(content, desk.master))):
        if isinstance(row, Refused):
            report.refused.append(row)
        else:
            by_office.setdefault(row.office, []).append(row)
    for office, rows in by_office.items():
        await _take(desk, office, rows, report)
    report.refused.sort(key=lambda each: each.row)
    log.info("hours.imported", added=report.added, unchanged=report.unchanged, refused=len(report.refused))
    return report


async def _take(desk: Desk, office: str, rows: Sequence[HoursRow], report: Report) -> None:
    """Change one office in one step; whoever edits it meanwhile is waited for."""
    for attempt in range(1, _ATTEMPTS + 1):
        calendar = (await show_calendar(desk, office)).calendar
        new = _new(rows, calendar.series, desk.now().astimezone(LOCAL).date())
        if not new:
            report.unchanged += len(rows)
            return
        hours = replace(hours_of(calendar), series=(*calendar.series, *new))
        try:
            await save(desk, Draft(office, hours, calendar.version, BY))
        except StaleError:
            if attempt == _ATTEMPTS:
                raise
        except InvalidHoursError as error:
            report.refused += [Refused(each.row, error.objections[0].why) for each in rows]
            return
        else:
            report.added += len(new)
            report.unchanged += len(rows) - len(new)
            return


def _new(rows: Iterable[HoursRow], there: Sequence[Series], today: date) -> list[Series]:
    found: list[Series] = []
    for row in rows:
        if not any(_is_same(row, each) for each in (*there, *found)):
            found.append(_series(row, today))
    return found


def _is_same(row: HoursRow, series: Series) -> bool:
    """Tell whether these hours are there already; a note makes no difference, nor does a first day that is open."""
    return (
        set(row.resources) == set(series.resources)
        and row.first_day in (None, series.first_day)
        and (row.audience, set(row.weekdays), row.every_weeks)
        == (series.audience, set(series.weekdays), series.every_weeks)
        and (row.from_time, row.to_time, row.last_day) == (series.from_time, series.to_time, series.last_day)
    )


def _series(row: HoursRow, today: date) -> Series:
    return Series(
        series_id=uuid4(),
        resources=row.resources,
        audience=row.audience,
        weekdays=row.weekdays,
        every_weeks=row.every_weeks,
        from_time=row.from_time,
        to_time=row.to_time,
        first_day=row.first_day or today,
        last_day=row.last_day,
        note=row.note,
    )
