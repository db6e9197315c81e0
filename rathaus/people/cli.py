"""`rathaus staff` and `rathaus subscribers`: who works here, and who wants to know."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rathaus.embedded.hall import TownHall
    from rathaus.people.work import Work

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

DEFAULT_DATA = Path("data")
_UNUSABLE = 2
_MEGABYTE = 1024 * 1024
_MOST_MEGABYTES = 50
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 64

staff_app = typer.Typer(help="Geräte des Personals: Link und PIN für Bad und Amt.", no_args_is_help=True)
subscribers_app = typer.Typer(help="Wer Nachrichten bekommt: Listen und Unzustellbares.", no_args_is_help=True)


class Role(StrEnum):
    """What somebody may do."""

    attendant = "attendant"
    clerk = "clerk"
    approver = "approver"
    counter = "counter"
    planner = "planner"


Data = Annotated[Path, typer.Option("--data", help="Ordner für alles, was sich das Rathaus merkt.")]
Name = Annotated[str, typer.Argument(metavar="GERÄT", help="Name des Geräts, zum Beispiel freibad-kasse.")]


@staff_app.command()
def add(
    name: Name,
    *,
    role: Annotated[
        list[Role],
        typer.Option(
            "--role",
            help="attendant (Badeaufsicht), clerk (Amt), approver (Freigabe), counter (Terminschalter), "
            "planner (Öffnungszeiten); mehrfach.",
        ),
    ],
    pool: Annotated[list[str] | None, typer.Option("--pool", help="Bad, um das es geht; mehrfach.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Ein Gerät eintragen; zeigt einmal Link und PIN."""
    from rathaus.people.staff import Registration

    if not _SLUG.fullmatch(name) or len(name) > _LONGEST_NAME:
        _refuse("no_slug", name=name)
    if Role.attendant in role and not pool:
        _refuse("pool_missing")
    wanted = Registration(name, tuple(each.value for each in role), tuple(pool or ()))
    _with_people(data, lambda people: people.staff.add(wanted))


@staff_app.command(name="list")
def list_devices(data: Data = DEFAULT_DATA) -> None:
    """Wer womit arbeitet."""
    _with_people(data, lambda people: people.staff.show())


@staff_app.command()
def remove(name: Name, data: Data = DEFAULT_DATA) -> None:
    """Ein Gerät austragen, zum Beispiel ein verlorenes; es öffnet sofort nichts mehr."""
    _with_people(data, lambda people: people.staff.remove(name))


@staff_app.command(name="new-pin")
def new_pin(name: Name, data: Data = DEFAULT_DATA) -> None:
    """Eine neue PIN; wer dort angemeldet ist, wird abgemeldet."""
    _with_people(data, lambda people: people.staff.new_pin(name))


@subscribers_app.command(name="import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="DATEI", help="Liste (CSV) mit Nachweis der Einwilligung.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Eine vorhandene Liste übernehmen; zeigt, was aus jeder Zeile geworden ist."""
    content = _content(file)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("import_not_utf8", file=file)
    _with_people(data, lambda people: people.subscribers.take_list(content, file))


@subscribers_app.command()
def bounce(data: Data = DEFAULT_DATA) -> None:
    """Eine zurückgekommene E-Mail von der Standardeingabe nehmen; an tote Adressen geht nichts mehr."""
    # What came back stands at the beginning; the mail that is returned with it may be long.
    mail = sys.stdin.buffer.read(_MEGABYTE)
    if not mail.strip():
        _refuse("bounce_empty")
    _with_people(data, lambda people: people.subscribers.take_bounce(mail))


def _content(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > _MOST_MEGABYTES * _MEGABYTE:
            _refuse("import_too_large", file=file, size=size // _MEGABYTE, most=_MOST_MEGABYTES)
        return file.read_bytes()
    except OSError:
        _refuse("file_missing", file=file)


def _with_people(data: Path, work: Work) -> NoReturn:
    from rathaus.people.work import with_people
    from rathaus.session import in_town_hall, require_town_hall, run_to_exit
    from rathaus.terminal import open_terminal

    terminal = open_terminal()
    require_town_hall(data, terminal)

    async def people_work(hall: TownHall) -> int:
        return await with_people(hall, terminal, work)

    run_to_exit(in_town_hall(data, terminal, people_work, serve=False))


def _refuse(key: str, **values: object) -> NoReturn:
    from rathaus.terminal import open_terminal

    open_terminal().say(key, **values)
    raise typer.Exit(_UNUSABLE)
