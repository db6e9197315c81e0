"""`rathaus dlq` and `rathaus replay`: dead letters, and the past of a consumer once more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from rathaus.cli_parts import DEFAULT_DATA, Data, at_the_town_hall, refuse

if TYPE_CHECKING:
    from rathaus.bus.commands import Work

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

_LARGEST = 2**63 - 1
Number = Annotated[int, typer.Argument(metavar="NUMMER", min=1, max=_LARGEST, help="Nummer aus „rathaus dlq list“.")]
DurableName = Annotated[str, typer.Option("--durable", metavar="EMPFÄNGER", help="Name des Empfängers.")]

dlq_app = typer.Typer(help="Unzustellbare Nachrichten: ansehen, erneut zustellen, verwerfen.", no_args_is_help=True)
replay_app = typer.Typer(help="Vergangenes noch einmal zustellen oder neu aufbauen.", no_args_is_help=True)


@dlq_app.command(name="list")
def list_letters(
    *,
    durable: Annotated[str | None, typer.Option("--durable", metavar="EMPFÄNGER", help="Nur von diesem.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="GRUND", help="Nur aus diesem Grund.")] = None,
    after: Annotated[
        int, typer.Option("--after", metavar="NUMMER", min=0, max=_LARGEST, help="Nur, was nach dieser Nummer kommt.")
    ] = 0,
    data: Data = DEFAULT_DATA,
) -> None:
    """Zeigen, was nicht bearbeitet werden konnte und warum; das Neueste steht unten."""
    _at_the_bus(data, lambda bus: bus.list_letters(durable, reason, after=after))


@dlq_app.command()
def show(number: Number, data: Data = DEFAULT_DATA) -> None:
    """Eine Nachricht mit Inhalt zeigen; der Inhalt von Fachverfahren wird nie gezeigt."""
    _at_the_bus(data, lambda bus: bus.show(number))


@dlq_app.command()
def redeliver(
    number: Annotated[
        int | None, typer.Argument(metavar="NUMMER", min=1, max=_LARGEST, help="Nummer aus der Liste.")
    ] = None,
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
        refuse("dlq_one_or_all")


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
    begin = _instant(since) if since is not None else None
    _at_the_bus(data, lambda bus: bus.replay(durable, begin))


@replay_app.command()
def rebuild(*, durable: DurableName, data: Data = DEFAULT_DATA) -> None:
    """Eine Auswertung leeren und aus dem Strom neu aufbauen; nur, was keine Wirkung nach außen hat."""
    _at_the_bus(data, lambda bus: bus.rebuild(durable))


def _instant(text: str) -> datetime:
    """Read an instant that lies in the past of a town hall, or refuse at once."""
    from chassis.clock import utc_now
    from rathaus.bus.commands import since_of, why_not_since

    try:
        since = since_of(text)
    except ValueError:
        refuse("since_unreadable", text=text)
    why_not = why_not_since(since, now=utc_now())
    if why_not is not None:
        refuse(why_not, text=text)
    return since


def _at_the_bus(data: Path, work: Work) -> NoReturn:
    from rathaus.bus.commands import with_caretaker

    at_the_town_hall(data, lambda hall, terminal: with_caretaker(hall, terminal, work))
