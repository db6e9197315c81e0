"""`rathaus appointments`: opening hours and bookings of an earlier system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from rathaus.cli_parts import DEFAULT_DATA, Data, at_the_town_hall, content_of, refuse

if TYPE_CHECKING:
    from rathaus.appointments.work import Work

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

_MOST_MEGABYTES = 30
_CALENDAR = "text/calendar"
_TABLE = "text/csv; charset=utf-8"

appointments_app = typer.Typer(
    help="Termine: Öffnungszeiten und Buchungen eines früheren Systems übernehmen.", no_args_is_help=True
)


@appointments_app.command(name="import-hours")
def import_hours(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="Öffnungszeiten (CSV).")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Öffnungszeiten übernehmen; was da ist, bleibt. Zeigt, was aus jeder Zeile geworden ist."""
    content = content_of(file, most_megabytes=_MOST_MEGABYTES)
    _require_utf8(content, file)
    _with_appointments(data, lambda desk: desk.take("opening-hours", content, file, kind=_TABLE))


@appointments_app.command(name="import-bookings")
def import_bookings(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="Termine (CSV oder ICS).")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Termine übernehmen; E-Mails gehen dabei nicht hinaus. Zeigt, was aus jeder Zeile geworden ist."""
    content = content_of(file, most_megabytes=_MOST_MEGABYTES)
    _require_utf8(content, file)
    kind = _CALENDAR if _is_calendar(content, file) else _TABLE
    _with_appointments(data, lambda desk: desk.take("bookings", content, file, kind=kind))


@appointments_app.command()
def hours(
    office: Annotated[str, typer.Option("--office", help="Dienststelle, zum Beispiel buergerbuero.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Öffnungszeiten einer Dienststelle zeigen, und Termine, die außerhalb liegen."""
    _with_appointments(data, lambda desk: desk.show(office))


def _is_calendar(content: bytes, file: Path) -> bool:
    return file.suffix.lower() in {".ics", ".ical"} or content.lstrip(b"\xef\xbb\xbf").startswith(b"BEGIN:VCALENDAR")


def _require_utf8(content: bytes, file: Path) -> None:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse("import_not_utf8", file=file)


def _with_appointments(data: Path, work: Work) -> NoReturn:
    from rathaus.appointments.work import with_appointments

    at_the_town_hall(data, lambda hall, terminal: with_appointments(hall, terminal, work))
