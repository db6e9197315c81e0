"""Opening hours from a table: one series in each row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from services.appointments.domain.master_data import MasterData
from services.appointments.domain.named import office_of, resource_of
from services.appointments.domain.table_file import Line, Refused, RowError, read_table
from services.appointments.domain.ticks import TICK_MINUTES

NEEDED = ("office", "resources", "audience", "weekdays", "from", "to")
OPTIONAL = ("every_weeks", "first_day", "last_day", "note")
LONGEST_NOTE = 200
MOST_WEEKS = 8
_AUDIENCES: dict[str, Literal["public", "internal"]] = {
    "public": "public",
    "öffentlich": "public",
    "internal": "internal",
    "intern": "internal",
}
_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
_LONG_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Opening hours that come again, as a row states them."""

    row: int
    office: str
    resources: tuple[str, ...]
    audience: Literal["public", "internal"]
    weekdays: tuple[int, ...]
    every_weeks: int
    from_time: time
    to_time: time
    """Midnight: until the end of the day."""
    first_day: date | None
    """None: from the day of the import on."""
    last_day: date | None
    note: str


def read_hours(content: bytes, master: MasterData) -> Iterator[HoursRow | Refused]:
    """Read a table of opening hours; UnreadableError when it is none."""
    for line in read_table(content, needed=NEEDED, optional=OPTIONAL):
        if isinstance(line, Refused):
            yield line
            continue
        try:
            yield _row(line, master)
        except RowError as error:
            yield Refused(line.row, str(error))


def day_of(text: str) -> date:
    """Read `2026-12-01` or `1.12.2026`; RowError when it is neither."""
    german = _GERMAN_DAY.fullmatch(text)
    try:
        return date.fromisoformat(text) if german is None else date(int(german[3]), int(german[2]), int(german[1]))
    except ValueError:
        raise RowError("Ein Datum ist nicht lesbar; bitte wie 2026-12-01 oder 01.12.2026 schreiben.") from None


def clock_of(text: str) -> time:
    """Read `9:00` or `09.00`; RowError when it is neither or not on a tick."""
    found = _CLOCK.fullmatch(text.removesuffix("Uhr").strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 - the clock
        raise RowError("Eine Uhrzeit ist nicht lesbar; bitte wie 09:00 schreiben.")
    if int(found[2]) % TICK_MINUTES:
        raise RowError(f"Eine Uhrzeit liegt nicht auf vollen {TICK_MINUTES} Minuten.")
    return time(int(found[1]), int(found[2]))


def _row(line: Line, master: MasterData) -> HoursRow:
    fields = line.fields
    office = office_of(master, fields["office"])
    named = [each.strip() for each in re.split(r"[,|]", fields["resources"]) if each.strip()]
    found = HoursRow(
        row=line.row,
        office=office.code,
        resources=tuple(dict.fromkeys(resource_of(master, office, each).code for each in named)),
        audience=_audience(fields["audience"]),
        weekdays=_weekdays(fields["weekdays"]),
        every_weeks=_weeks(fields["every_weeks"]),
        from_time=clock_of(fields["from"]),
        to_time=time() if fields["to"] == "24:00" else clock_of(fields["to"]),
        first_day=day_of(fields["first_day"]) if fields["first_day"] else None,
        last_day=day_of(fields["last_day"]) if fields["last_day"] else None,
        note=fields["note"],
    )
    objection = _objection(found)
    if objection is not None:
        raise RowError(objection)
    return found


def _objection(row: HoursRow) -> str | None:
    if not row.resources:
        return "Es ist kein Schalter oder Raum angegeben."
    if row.to_time <= row.from_time and row.to_time != time():
        return "Das Ende liegt nicht nach dem Anfang."
    if row.every_weeks > 1 and row.first_day is None:
        return "Wenn nicht jede Woche geöffnet ist, zählt die Woche von first_day: bitte angeben."
    if row.first_day is not None and row.last_day is not None and row.last_day < row.first_day:
        return "Der letzte Tag liegt vor dem ersten."
    return f"Die Notiz ist länger als {LONGEST_NOTE} Zeichen." if len(row.note) > LONGEST_NOTE else None


def _audience(text: str) -> Literal["public", "internal"]:
    found = _AUDIENCES.get(text.lower())
    if found is None:
        raise RowError("audience ist keins von: public (öffentlich), internal (intern).")
    return found


def _weeks(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_WEEKS):
        raise RowError(f"every_weeks ist keine Zahl von 1 bis {MOST_WEEKS}.")
    return int(text)


def _weekdays(text: str) -> tuple[int, ...]:
    found: set[int] = set()
    for each in re.split(r"[\s,|]+", text.lower().strip()):
        first, dash, last = each.partition("-")
        begin = _weekday(first)
        end = _weekday(last) if dash else begin
        if end < begin:
            raise RowError("Die Wochentage laufen rückwärts; bitte einzeln angeben, zum Beispiel Sa,So,Mo.")
        found.update(range(begin, end + 1))
    return tuple(sorted(found))


def _weekday(text: str) -> int:
    short = text.removesuffix(".")
    for names in (_WEEKDAYS, _LONG_WEEKDAYS, tuple("0123456")):
        if short in names:
            return names.index(short)
    raise RowError("Ein Wochentag ist nicht lesbar; bitte wie Mo,Di,Do oder 0,1,3 (0 ist Montag) schreiben.")
