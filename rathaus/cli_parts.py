"""What the groups of commands share: the folder's option, refusals, files, and work in a town hall."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rathaus.embedded.hall import TownHall
    from rathaus.terminal import Terminal

# Everything else is imported by what needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

DEFAULT_DATA = Path("data")
Data = Annotated[Path, typer.Option("--data", help="Ordner für alles, was sich das Rathaus merkt.")]
MEGABYTE = 1024 * 1024
_UNUSABLE = 2


def refuse(key: str, **values: object) -> NoReturn:
    """Say what is wrong with what was asked for, and leave."""
    from rathaus.terminal import open_terminal

    open_terminal().say(key, **values)
    raise typer.Exit(_UNUSABLE)


def content_of(file: Path, *, most_megabytes: int) -> bytes:
    """Read a file to be imported, or refuse."""
    try:
        size = file.stat().st_size
        if size > most_megabytes * MEGABYTE:
            refuse("import_too_large", file=file, size=size // MEGABYTE, most=most_megabytes)
        return file.read_bytes()
    except OSError:
        refuse("file_missing", file=file)


def at_the_town_hall(data: Path, work: Callable[[TownHall, Terminal], Awaitable[int]]) -> NoReturn:
    """Do some work in the town hall of a folder and end with its exit status."""
    from rathaus.session import in_town_hall, require_town_hall, run_to_exit
    from rathaus.terminal import open_terminal

    terminal = open_terminal()
    require_town_hall(data, terminal)

    async def in_hall(hall: TownHall) -> int:
        return await work(hall, terminal)

    run_to_exit(in_town_hall(data, terminal, in_hall, serve=False))
