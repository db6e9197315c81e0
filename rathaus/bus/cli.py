"""`rathaus dlq` and `rathaus replay`: dead letters, and the past of a consumer once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rathaus.bus.commands import Work
    from rathaus.embedded.hall import TownHall

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

Data = Annotated[Path, typer.Option("--data", help="Ordner für alles, was sich das Rathaus merkt.")]
Number = Annotated[int, typer.Argument(metavar="NUMMER", min=1, help="Nummer aus „rathaus dlq list“.")]
DurableName = Annotated[str, typer.Option("--durable", metavar="EMPFÄNGER", help="Name des Empfängers.")]
DEFAULT_DATA = Path("data")
_UNUSABLE = 2

dlq_app = typer.Typer(help="Unzustellbare Nachrichten: ansehen, erneut zustellen, verwerfen.", no_args_is_help=True)
replay_app = typer.Typer(help="Vergangenes noch einmal zustellen oder neu aufbauen.", no_args_is_help=True)


@dlq_app.command(name="list")
def list_letters(
    *,
    durable: Annotated[str | None, typer.Option("--durable", metavar="EMPFÄNGER", help="Nur von diesem.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="GRUND", help="Nur aus diesem Grund.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Zeigen, was nicht bearbeitet werden konnte und warum."""
    _at_the_bus(data, lambda bus: bus.list_letters(durable, reason))


@dlq_app.command()
def show(number: Number, data: Data = DEFAULT_DATA) -> None:
    """Eine Nachricht mit Inhalt zeigen; der Inhalt von Fachverfahren wird nie gezeigt."""
    _at_the_bus(data, lambda bus: bus.show(number))


@dlq_app.command()
def redeliver(
    number: Annotated[int | None, typer.Argument(metavar="NUMMER", min=1, help="Nummer aus der Liste.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Alle dieses Empfängers.")] = False,
    durable: Annotated[str | None, typer.Option("--durable", metavar="EMPFÄNGER", help="Empfänger, mit --all.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="GRUND", help="Nur aus diesem Grund.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Noch einmal zustellen, nur dem Empfänger, der gescheitert ist."""
    if number is not None and not everything and durable is None and reason is None:
        _at_the_bus(data, lambda bus: bus.redeliver(number))
    elif number is None and everything and durable is not None:
        _at_the_bus(data, lambda bus: bus.redeliver_all(durable, reason))
    else:
        _refuse("dlq_one_or_all")


@dlq_app.command()
def discard(
    number: Number,
    *,
    person: Annotated[str, typer.Option("--as", metavar="NAME", help="Wer das entscheidet.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Warum; ohne Angaben zu Personen.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Endgültig verwerfen; wer und warum steht danach im Protokoll."""
    _at_the_bus(data, lambda bus: bus.discard(number, by=person, reason=reason))


@replay_app.command(name="redeliver")
def redeliver_past(
    *,
    durable: DurableName,
    since: Annotated[
        str | None, typer.Option("--since", metavar="ZEITPUNKT", help="Ab wann, zum Beispiel 2026-03-02T09:30.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Einem Empfänger Vergangenes noch einmal zustellen; was er schon bearbeitet hat, überspringt er."""
    from rathaus.bus.commands import since_of

    try:
        instant = since_of(since) if since is not None else None
    except ValueError:
        _refuse("since_unreadable", text=since)
    else:
        _at_the_bus(data, lambda bus: bus.replay(durable, instant))


@replay_app.command()
def rebuild(*, durable: DurableName, data: Data = DEFAULT_DATA) -> None:
    """Eine Auswertung leeren und aus dem Strom neu aufbauen; nur, was keine Wirkung nach außen hat."""
    _at_the_bus(data, lambda bus: bus.rebuild(durable))


def _at_the_bus(data: Path, work: Work) -> None:
    from rathaus.bus.commands import with_caretaker
    from rathaus.session import in_town_hall, run_to_exit
    from rathaus.terminal import open_terminal

    terminal = open_terminal()
    if not data.is_dir():
        terminal.say("no_such_data", path=data)
        raise typer.Exit(_UNUSABLE)

    async def bus_work(hall: TownHall) -> int:
        return await with_caretaker(hall, terminal, work)

    run_to_exit(in_town_hall(data, terminal, bus_work, serve=False))


def _refuse(key: str, **values: object) -> None:
    from rathaus.terminal import open_terminal

    open_terminal().say(key, **values)
    raise typer.Exit(_UNUSABLE)
