"""`rathaus staff` and `rathaus subscribers`: who works here, and who wants to know."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from rathaus.cli_parts import DEFAULT_DATA, MEGABYTE, Data, at_the_town_hall, content_of, refuse

if TYPE_CHECKING:
    from rathaus.people.work import Work

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

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
        refuse("no_slug", name=name)
    if Role.attendant in role and not pool:
        refuse("pool_missing")
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
    content = content_of(file, most_megabytes=_MOST_MEGABYTES)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse("import_not_utf8", file=file)
    _with_people(data, lambda people: people.subscribers.take_list(content, file))


@subscribers_app.command()
def bounce(data: Data = DEFAULT_DATA) -> None:
    """Eine zurückgekommene E-Mail von der Standardeingabe nehmen; an tote Adressen geht nichts mehr."""
    # What came back stands at the beginning; the mail that is returned with it may be long.
    mail = sys.stdin.buffer.read(MEGABYTE)
    if not mail.strip():
        refuse("bounce_empty")
    _with_people(data, lambda people: people.subscribers.take_bounce(mail))


def _with_people(data: Path, work: Work) -> NoReturn:
    from rathaus.people.work import with_people

    at_the_town_hall(data, lambda hall, terminal: with_people(hall, terminal, work))
