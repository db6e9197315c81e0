"""Bookings from a calendar file (ICS, RFC 5545): one visit in each VEVENT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from services.appointments.domain.bookings_file import on_the_clock
from services.appointments.domain.foreign_booking import ForeignBooking, Given, checked
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.named import service_of
from services.appointments.domain.table_file import Refused, RowError, UnreadableError, text_of

_RECURRING = ("RRULE", "RDATE", "RECURRENCE-ID")
_PARTS = re.compile(r"\s*(?::|,|\s[-–]\s)\s*")
NAMELESS = "ohne Namen"


def read_calendar(content: bytes, master: MasterData, *, now: datetime) -> Iterator[ForeignBooking | Refused]:
    """Read the events of a calendar, counted from 1; UnreadableError when it is none."""
    for row, event in enumerate(_events(content), 1):
        try:
            yield checked(_given(row, event, master), master, now=now)
        except RowError as error:
            yield Refused(row, str(error))
        except BrokenCalendarProperty:
            yield Refused(row, "Eine Zeit in diesem Eintrag ist nicht lesbar.")


def _events(content: bytes) -> list[Any]:
    try:
        calendar = cast("Any", Calendar.from_ical(text_of(content)))
    except ValueError:
        raise UnreadableError("Die Datei ist kein Kalender (ICS) oder bricht ab.") from None
    return cast("list[Any]", calendar.walk("VEVENT"))


def _given(row: int, event: Any, master: MasterData) -> Given:
    if any(name in event for name in _RECURRING):
        raise RowError("Termine, die wiederkehren (Serien), werden nicht übernommen; bitte einzeln ausgeben.")
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise RowError("Der Termin ist abgesagt.")
    starts_at = _instant(event, "DTSTART")
    services, rest = _services(event, master)
    name, email = _attendee(event)
    resources = _texts(event, "RESOURCES")
    return Given(
        row=row,
        foreign_id=str(event.get("UID", "")).strip(),
        office=_office(str(event.get("LOCATION", "")), resources, master),
        services=services,
        starts_at=starts_at,
        minutes=_minutes(event, starts_at),
        resources=resources or _place(str(event.get("LOCATION", "")), master),
        name=name or rest or NAMELESS,
        email=email,
        note=str(event.get("DESCRIPTION", "")).strip(),
    )


def _instant(event: Any, name: str) -> datetime:
    if name not in event:
        raise RowError("Der Beginn fehlt.")
    at: Any = event[name].dt
    if not isinstance(at, datetime):
        raise RowError("Der Eintrag gilt für ganze Tage, nicht für eine Uhrzeit.")
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    if "TZID" in event[name].params:
        raise RowError("Die Zeitzone des Eintrags ist unbekannt.")
    return on_the_clock(at)


def _minutes(event: Any, starts_at: datetime) -> int | None:
    if "DTEND" in event:
        length = _instant(event, "DTEND") - starts_at
    elif "DURATION" in event:
        length = cast("timedelta", event["DURATION"].dt)
    else:
        return None
    return -(-int(length.total_seconds()) // 60)


def _services(event: Any, master: MasterData) -> tuple[tuple[tuple[str, int], ...], str]:
    """Return the services that categories or the title name, and what else the title says: mostly a name."""
    title = str(event.get("SUMMARY", "")).strip()
    named = tuple((each, 1) for each in map(str, event.categories) if service_of(master, each) is not None)
    parts = [each for each in _PARTS.split(title) if each]
    rest = " ".join(each for each in parts if service_of(master, each) is None)
    if not named:
        named = tuple((each, 1) for each in parts if service_of(master, each) is not None)
    if not named:
        known = ", ".join(master.services)
        raise RowError(f"Weder CATEGORIES noch SUMMARY nennen ein Anliegen. Es gibt: {known}.")
    return named, rest


def _attendee(event: Any) -> tuple[str, str]:
    for each in event.attendees:
        return str(each.params.get("CN", "")), re.sub("(?i)^mailto:", "", str(each))
    return "", ""


def _texts(event: Any, name: str) -> tuple[str, ...]:
    found: Any = event.get(name, ())
    lines: list[Any] = cast("list[Any]", found) if isinstance(found, list) else [found] if found else []
    return tuple(part.strip() for line in lines for part in str(line).split(",") if part.strip())


def _office(location: str, resources: tuple[str, ...], master: MasterData) -> str:
    """Return the office that the place names, or to which the resources belong."""
    wanted = {location.casefold().strip(), *(each.casefold() for each in resources)}
    for each in master.resources.values():
        if {each.code, each.name.casefold()} & wanted:
            return each.office
    known = (office for office in master.offices.values() if office.address.casefold() in location.casefold())
    found = next(known, None)
    return location if found is None or not location else found.code


def _place(location: str, master: MasterData) -> tuple[str, ...]:
    wanted = location.casefold().strip()
    return tuple(each.code for each in master.resources.values() if wanted in {each.code, each.name.casefold()})
