"""`rathaus appointments`: opening hours and bookings of an earlier system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rathaus.appointments.work import Work
    from rathaus.embedded.hall import TownHall

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

DEFAULT_DATA = Path("data")
_UNUSABLE = 2
_MEGABYTE = 1024 * 1024
_MOST_MEGABYTES = 30
_CALENDAR = "text/calendar"
_TABLE = "text/csv; charset=utf-8"

appointments_app = typer.Typer(
    help="Termine: Öffnungszeiten und Buchungen eines früheren Systems übernehmen.", no_args_is_help=True
)
Data = Annotated[Path, typer.Option("--data", help="Ordner für alles, was sich das Rathaus merkt.")]


@appointments_app.command(name="import-hours")
def import_hours(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="Öffnungszeiten (CSV).")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Öffnungszeiten übernehmen; was da ist, bleibt. Zeigt, was aus jeder Zeile geworden ist."""
    content = _content(file)
    _require_utf8(content, file)
    _with_appointments(data, lambda desk: desk.take("opening-hours", content, file, kind=_TABLE))


@appointments_app.command(name="import-bookings")
def import_bookings(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="Termine (CSV oder ICS).")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Termine übernehmen; E-Mails gehen dabei nicht hinaus. Zeigt, was aus jeder Zeile geworden ist."""
    content = _content(file)
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


def _content(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > _MOST_MEGABYTES * _MEGABYTE:
            _refuse("import_too_large", file=file, size=size // _MEGABYTE, most=_MOST_MEGABYTES)
        return file.read_bytes()
    except OSError:
        _refuse("file_missing", file=file)


def _require_utf8(content: bytes, file: Path) -> None:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("import_not_utf8", file=file)


def _with_appointments(data: Path, work: Work) -> NoReturn:
    from rathaus.appointments.work import with_appointments
    from rathaus.session import in_town_hall, require_town_hall, run_to_exit
    from rathaus.terminal import open_terminal

    terminal = open_terminal()
    require_town_hall(data, terminal)

    async def appointments_work(hall: TownHall) -> int:
        return await with_appointments(hall, terminal, work)

    run_to_exit(in_town_hall(data, terminal, appointments_work, serve=False))


def _refuse(key: str, **values: object) -> NoReturn:
    from rathaus.terminal import open_terminal

    open_terminal().say(key, **values)
    raise typer.Exit(_UNUSABLE)
