"""Opening hours as JSON: for the history, from which they can be restored, and for the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from services.appointments.domain.calendar import OfficeCalendar, Series, SpecialDays


@dataclass(frozen=True, slots=True)
class Hours:
    """All entries of an office."""

    series: tuple[Series, ...]
    exceptions: tuple[SpecialDays, ...]


def hours_of(calendar: OfficeCalendar) -> Hours:
    """Return the entries of a calendar."""
    return Hours(calendar.series, calendar.exceptions)


def as_record(hours: Hours) -> dict[str, Any]:
    """Return them as JSON."""
    return {
        "series": [_plain(asdict(each)) for each in hours.series],
        "exceptions": [_plain(asdict(each)) for each in hours.exceptions],
    }


def of_record(record: Mapping[str, Any]) -> Hours:
    """Return what `as_record` has written."""
    return Hours(
        tuple(Series(**_values(each)) for each in record["series"]),
        tuple(SpecialDays(**_values(each)) for each in record["exceptions"]),
    )


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in fields.items()}


def _text(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _values(fields: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {
        **dict.fromkeys(("series_id", "exception_id"), UUID),
        **dict.fromkeys(("first_day", "last_day"), date.fromisoformat),
        **dict.fromkeys(("from_time", "to_time"), time.fromisoformat),
        **dict.fromkeys(("resources", "weekdays"), tuple),
    }
    return {name: value if value is None or name not in read else read[name](value) for name, value in fields.items()}
