"""`rathaus system` and `rathaus events`: who may send events in, and sending one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rathaus.doors.commands import SystemCommands

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

Data = Annotated[Path, typer.Option("--data", help="Ordner für alles, was sich das Rathaus merkt.")]
Name = Annotated[str, typer.Argument(metavar="SYSTEM", help="Name des Fachverfahrens, zum Beispiel baederamt.")]
DEFAULT_DATA = Path("data")

system_app = typer.Typer(help="Fachverfahren, die Ereignisse senden dürfen.", no_args_is_help=True)
key_app = typer.Typer(help="API-Schlüssel eines Fachverfahrens.", no_args_is_help=True)
events_app = typer.Typer(help="Ereignisse von außen: zeigen und senden.", no_args_is_help=True)
system_app.add_typer(key_app, name="key")


@system_app.command()
def add(  # noqa: PLR0913 - the options of the command
    name: Name,
    *,
    source: Annotated[str, typer.Option("--source", help="CloudEvents-Quelle, an die das System gebunden ist.")],
    may: Annotated[list[str], typer.Option("--may", help="Ereignis, das es senden darf; mehrfach.")],
    pool: Annotated[list[str] | None, typer.Option("--pool", help="Bad, das es schließen darf; mehrfach.")] = None,
    rate: Annotated[float, typer.Option("--rate", help="Ereignisse je Sekunde über HTTP.")] = 50,
    quota: Annotated[int, typer.Option("--quota", max=2**63 - 1, help="Ereignisse am Tag.")] = 100_000,
    nats: Annotated[bool, typer.Option("--nats/--no-nats", help="Auch ein Zugang zum Nachrichtenbus.")] = True,
    data: Data = DEFAULT_DATA,
) -> None:
    """Ein Fachverfahren eintragen; zeigt einmal seine Zugangsdaten."""
    from rathaus.doors.commands import Registration, SystemCommands
    from rathaus.embedded.home import Home
    from rathaus.terminal import open_terminal

    wanted = Registration(name, source, tuple(may), tuple(pool or ()), rate, quota, nats)
    SystemCommands(open_terminal(), Home.at(data)).add(wanted)


@system_app.command(name="list")
def list_systems(data: Data = DEFAULT_DATA) -> None:
    """Wer was senden darf."""
    _systems(data).show()


@system_app.command()
def remove(name: Name, data: Data = DEFAULT_DATA) -> None:
    """Ein Fachverfahren austragen."""
    _systems(data).remove(name)


@key_app.command(name="rotate")
def rotate_key(name: Name, data: Data = DEFAULT_DATA) -> None:
    """Neuer Schlüssel; die bisherigen gelten noch sieben Tage."""
    _systems(data).rotate_key(name)


@key_app.command(name="revoke")
def revoke_key(
    name: Name,
    key: Annotated[str, typer.Argument(metavar="SCHLÜSSEL", help="Kennung aus der Liste.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Einen Schlüssel sofort sperren."""
    _systems(data).revoke_key(name, key)


@events_app.command(name="types")
def types() -> None:
    """Welche Ereignisse es gibt und welche Felder sie haben."""
    from rathaus.doors.commands import show_types
    from rathaus.terminal import open_terminal

    show_types(open_terminal())


@events_app.command()
def emit(  # noqa: PLR0913 - the options of the command
    event: Annotated[
        str,
        typer.Argument(
            metavar="EREIGNIS|DATEI", help="Ereignis (pool_closed) oder JSON-Datei; - ist die Standardeingabe."
        ),
    ],
    fields: Annotated[list[str] | None, typer.Argument(metavar="FELD=WERT", help="Felder des Ereignisses.")] = None,
    *,
    event_id: Annotated[
        str | None, typer.Option("--id", help="Kennung; derselbe Inhalt mit derselben Kennung wirkt nur einmal.")
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Tür eines anderen Rathauses, mit --key-file; sonst das in --data.")
    ] = None,
    key_file: Annotated[Path | None, typer.Option("--key-file", help="Datei mit dem API-Schlüssel dazu.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="CloudEvents-Quelle; sonst die des Rathauses in --data.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Ein Ereignis senden, durch dieselbe Tür wie jedes Fachverfahren."""
    from rathaus.doors.emission import Emission, emit_event
    from rathaus.terminal import open_terminal

    emit_event(open_terminal(), Emission(event, tuple(fields or ()), event_id, url, key_file, source), data)


def _systems(data: Path) -> SystemCommands:
    from rathaus.doors.commands import SystemCommands
    from rathaus.session import require_town_hall
    from rathaus.terminal import open_terminal

    terminal = open_terminal()
    return SystemCommands(terminal, require_town_hall(data, terminal))
