"""Bookings from a table: one visit in each row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from services.appointments.domain.foreign_booking import ForeignBooking, Given, checked
from services.appointments.domain.hours_file import clock_of, day_of
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.table_file import Line, Refused, RowError, read_table
from services.appointments.domain.ticks import LOCAL

NEEDED = ("id", "office", "services", "starts_at", "name")
OPTIONAL = ("minutes", "resource", "email", "phone", "note")


def read_bookings(content: bytes, master: MasterData, *, now: datetime) -> Iterator[ForeignBooking | Refused]:
    """Read a table of bookings; UnreadableError when it is none."""
    for line in read_table(content, needed=NEEDED, optional=OPTIONAL):
        if isinstance(line, Refused):
            yield line
            continue
        try:
            yield checked(_given(line), master, now=now)
        except RowError as error:
            yield Refused(line.row, str(error))


def on_the_clock(local: datetime) -> datetime:
    """Turn a local time into an instant; RowError for one that the change of the clocks leaves out."""
    at = local.replace(tzinfo=LOCAL).astimezone(UTC)
    if at.astimezone(LOCAL).replace(tzinfo=None) != local:
        raise RowError("Diese Uhrzeit gibt es an diesem Tag nicht (Umstellung auf Sommerzeit).")
    return at


def _given(line: Line) -> Given:
    fields = line.fields
    return Given(
        row=line.row,
        foreign_id=fields["id"],
        office=fields["office"],
        services=tuple(_service(each.strip()) for each in re.split(r"[,|]", fields["services"]) if each.strip()),
        starts_at=_instant(fields["starts_at"]),
        minutes=_minutes(fields["minutes"]),
        resources=tuple(each.strip() for each in re.split(r"[,|]", fields["resource"]) if each.strip()),
        name=fields["name"],
        email=fields["email"],
        phone=fields["phone"],
        note=fields["note"],
    )


def _service(text: str) -> tuple[str, int]:
    name, colon, count = text.rpartition(":")
    if not colon:
        return text, 1
    return name.strip(), _whole(count.strip(), "Wie oft ein Anliegen gewünscht ist, ist keine Zahl.")


def _minutes(text: str) -> int | None:
    return _whole(text, "Die Dauer ist keine Zahl von Minuten.") if text else None


def _whole(text: str, otherwise: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) > 0 and len(text) <= 6):  # noqa: PLR2004 - digits
        raise RowError(otherwise)
    return int(text)


def _instant(text: str) -> datetime:
    """Read a local time, or an instant that says its offset."""
    day, _, clock = text.replace("T", " ", 1).partition(" ")
    if clock.endswith("Z") or "+" in clock:
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError:
            raise RowError("Der Beginn ist nicht lesbar; bitte wie 2026-12-01 09:00 schreiben.") from None
    clock = clock.strip()
    return on_the_clock(datetime.combine(day_of(day), clock_of(clock[:-3] if clock.count(":") > 1 else clock)))
