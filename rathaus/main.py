"""The command line `rathaus`."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import resource
import shlex
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from rathaus.appointments.cli import appointments_app
from rathaus.bus.cli import dlq_app, replay_app
from rathaus.doors.cli import events_app, system_app
from rathaus.people.cli import staff_app, subscribers_app

if TYPE_CHECKING:
    from rathaus.embedded.hall import TownHall
    from rathaus.levy.client import Upload
    from rathaus.levy.commands import Outcome, Work
    from rathaus.levy.models import Decision
    from rathaus.levy.tables import Terminal

# Everything else is imported by the command that needs it: `rathaus --help` answers at once.
# ruff: noqa: PLC0415

_UNUSABLE = 2
_FILES = 65_536
"""More open files than any town hall needs; some programs walk through all that they may have."""

app = typer.Typer(
    help="Das digitale Rathaus auf einem Rechner.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
levy_app = typer.Typer(help="Umlagebescheide: einlesen, prüfen, freigeben, versenden.", no_args_is_help=True)
topology_app = typer.Typer(help="Die Ströme und Empfänger auf dem Nachrichtenbus.", no_args_is_help=True)
app.add_typer(levy_app, name="levy")
letter_app = typer.Typer(help="Einzelne Briefe: entscheiden, wo das Programm nicht weiter weiß.", no_args_is_help=True)
app.add_typer(letter_app, name="letter")
app.add_typer(topology_app, name="topology")
app.add_typer(system_app, name="system")
app.add_typer(events_app, name="events")
app.add_typer(staff_app, name="staff")
app.add_typer(subscribers_app, name="subscribers")
app.add_typer(appointments_app, name="appointments")
app.add_typer(dlq_app, name="dlq")
app.add_typer(replay_app, name="replay")

Data = Annotated[Path, typer.Option("--data", help="Ordner für alles, was sich das Rathaus merkt.")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Bericht zusätzlich als JSON in diese Datei.")]
Serve = Annotated[bool, typer.Option("--serve", help="Danach weiterlaufen bis Strg-C.")]
DEFAULT_DATA = Path("data")


def main() -> None:
    """Run the command line."""
    _raise_file_limit()
    app(prog_name="rathaus")


def _raise_file_limit() -> None:
    """Allow this process and its children as many open files as the system grants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    granted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < granted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))


@app.command()
def up(data: Data = DEFAULT_DATA) -> None:
    """Alles starten, zeigen, was wo läuft, und laufen bis Strg-C."""
    from rathaus.session import in_town_hall, run_to_exit

    async def nothing(_hall: TownHall) -> int:
        return 0

    run_to_exit(in_town_hall(data, _terminal(), nothing, serve=True))


@levy_app.command()
def run(  # noqa: PLR0913 - the options of the command
    csv: Annotated[Path, typer.Argument(help="Umlagedatei (CSV).")],
    *,
    statute: Annotated[Path, typer.Option("--statute", help="Satzung (TOML).")],
    data: Data = DEFAULT_DATA,
    report: ReportFile = None,
    person: Annotated[str | None, typer.Option("--as", help="Wer einliest; sonst der angemeldete Benutzer.")] = None,
    release: Annotated[
        bool, typer.Option("--release", help="Gleich freigeben; nur mit Simulator oder im Testbetrieb.")
    ] = False,
    serve: Serve = False,
) -> None:
    """Einlesen, festsetzen, Bescheide setzen; ohne --release Halt vor der Freigabe."""
    from rathaus.levy.client import Upload
    from rathaus.levy.commands import DEMO_CLERK

    terminal = _terminal()
    clerk = person or (DEMO_CLERK if release else getpass.getuser())
    upload = Upload(_content(terminal, csv), _content(terminal, statute), clerk)
    work = _go_through(upload) if release else _check(upload)
    _levy(data, _outcome(terminal, data, report), work, serve=serve, hint=not release)


@levy_app.command(name="release")
def release_run(
    run_id: Annotated[UUID, typer.Argument(metavar="RUN", help="Kennung des Laufs.")],
    root_hash: Annotated[str, typer.Option("--hash", help="Prüfsumme des geprüften Stands.")],
    person: Annotated[str, typer.Option("--as", help="Wer freigibt; nicht, wer eingelesen hat.")],
    data: Data = DEFAULT_DATA,
    report: ReportFile = None,
    serve: Serve = False,
) -> None:
    """Einen geprüften Lauf als zweite Person freigeben und bis zum Versand begleiten."""
    from rathaus.session import require_town_hall

    terminal = _terminal()
    require_town_hall(data, terminal)
    outcome = _outcome(terminal, data, report)
    _levy(data, outcome, lambda levy: levy.release(run_id, root_hash=root_hash, approved_by=person), serve=serve)


@levy_app.command()
def status(
    run_id: Annotated[UUID, typer.Argument(metavar="RUN", help="Kennung des Laufs.")],
    data: Data = DEFAULT_DATA,
    report: ReportFile = None,
) -> None:
    """Zeigen, wie weit ein Lauf ist."""
    from rathaus.session import require_town_hall

    terminal = _terminal()
    require_town_hall(data, terminal)
    _levy(data, _outcome(terminal, data, report), lambda levy: levy.status(run_id), serve=False)


@levy_app.command()
def changes(
    *,
    done: Annotated[str | None, typer.Option("--done", metavar="KENNUNG", help="Ist in die Datei übernommen.")] = None,
    person: Annotated[str | None, typer.Option("--as", help="Wer sie übernommen hat.")] = None,
    undo: Annotated[str | None, typer.Option("--undo", metavar="KENNUNG", help="Doch nicht übernommen.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Zeigen, was andere Systeme gemeldet haben und in die nächste Umlagedatei gehört."""
    from rathaus.levy.changes import Changes, with_changes
    from rathaus.session import in_town_hall, require_town_hall, run_to_exit

    terminal = _terminal()
    by = " ".join((person or "").split())
    if (done is not None) != bool(by) or (done is not None and undo is not None):
        terminal.say("change_usage")
        raise typer.Exit(_UNUSABLE)
    require_town_hall(data, terminal)

    async def work(desk: Changes) -> int:
        if done is not None:
            return await desk.settle(done, by=by)
        return await (desk.show() if undo is None else desk.reopen(undo))

    async def changes_work(hall: TownHall) -> int:
        return await with_changes(hall, terminal, work)

    run_to_exit(in_town_hall(data, terminal, changes_work, serve=False))


@letter_app.command()
def decide(
    letter_id: Annotated[UUID, typer.Argument(metavar="LETTER", help="Kennung des Briefs.")],
    *,
    person: Annotated[str, typer.Option("--as", help="Wer entscheidet.")],
    send_again: Annotated[bool, typer.Option("--send-again", help="Noch einmal versenden.")] = False,
    posted: Annotated[
        datetime | None,
        typer.Option(
            "--posted",
            metavar="DATUM",
            formats=["%Y-%m-%d", "%d.%m.%Y"],
            help="Laut Kundenportal an diesem Tag versandt.",
        ),
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Nicht mehr versenden.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Über einen abgelehnten oder ungeklärten Brief entscheiden."""
    from rathaus.session import require_town_hall

    outcome = _outcome(_terminal(), data, None)
    given: dict[Decision, bool] = {"send_again": send_again, "posted": posted is not None, "withdraw": withdraw}
    chosen: list[Decision] = [decision for decision, wanted in given.items() if wanted]
    if len(chosen) != 1:
        outcome.terminal.say("one_decision")
        raise typer.Exit(_UNUSABLE)
    require_town_hall(data, outcome.terminal)
    posted_on = posted.date() if posted is not None else None
    _at_the_desk(data, outcome, lambda levy: levy.decide(letter_id, chosen[0], by=person, posted_on=posted_on))


@topology_app.command()
def apply(
    nats_url: Annotated[str, typer.Option("--nats-url", envvar="RATHAUS_NATS_URL", help="Adresse des Busses.")],
    seed_file: Annotated[
        Path | None, typer.Option("--seed-file", envvar="RATHAUS_NATS_SEED_FILE", help="NKey-Seed des caretaker.")
    ] = None,
) -> None:
    """Ströme und Empfänger anlegen oder angleichen (für einen Cluster)."""
    from nats.errors import Error as NatsError

    from rathaus.bus.topology import apply_topology

    terminal = _terminal()
    try:
        asyncio.run(apply_topology(nats_url, seed_file))
    except (NatsError, OSError, TimeoutError):
        terminal.say("bus_away", url=nats_url)
        raise typer.Exit(1) from None
    terminal.say("topology_applied", url=nats_url)


def _terminal() -> Terminal:
    from rathaus.terminal import open_terminal

    return open_terminal()


def _content(terminal: Terminal, path: Path) -> bytes:
    from contracts.notices import LEVY_FILE_BYTES

    try:
        size = path.stat().st_size
        if size <= LEVY_FILE_BYTES:
            return path.read_bytes()
        megabyte = 1024 * 1024
        terminal.say("file_too_large", file=path, size=size // megabyte, most=LEVY_FILE_BYTES // megabyte)
    except OSError:
        terminal.say("file_missing", file=path)
    raise typer.Exit(_UNUSABLE)


def _outcome(terminal: Terminal, data: Path, report: Path | None) -> Outcome:
    from rathaus.levy.commands import Outcome
    from rathaus.levy.costs import OldWay

    folder = report.absolute().parent if report is not None else None
    if report is not None and (report.is_dir() or not os.access(folder or report, os.W_OK)):
        terminal.say("report_unwritable", file=report)
        raise typer.Exit(_UNUSABLE)
    option = "" if data == DEFAULT_DATA else f" --data {shlex.quote(str(data))}"
    return Outcome(terminal, OldWay(), data_option=option, report=report, started=monotonic())


def _check(upload: Upload) -> Work:
    return lambda levy: levy.check(upload)


def _go_through(upload: Upload) -> Work:
    return lambda levy: levy.go_through(upload)


def _levy(data: Path, outcome: Outcome, work: Work, *, serve: bool, hint: bool = False) -> None:
    """Do some levy work; with `hint`, say afterwards which reported changes the file may lack."""
    from rathaus.levy.changes import with_changes
    from rathaus.levy.commands import DONE, with_levy
    from rathaus.session import in_town_hall, run_to_exit

    async def levy_work(hall: TownHall) -> int:
        status = await with_levy(hall, outcome, work)
        if hint and status == DONE:
            await with_changes(hall, outcome.terminal, lambda desk: desk.hint(outcome.data_option))
        return status

    run_to_exit(in_town_hall(data, outcome.terminal, levy_work, serve=serve, interrupted="levy_interrupted"))


def _at_the_desk(data: Path, outcome: Outcome, work: Work) -> None:
    """Do some work on a single letter."""
    from rathaus.levy.commands import with_levy
    from rathaus.session import in_town_hall, run_to_exit

    async def desk_work(hall: TownHall) -> int:
        return await with_levy(hall, outcome, work)

    run_to_exit(in_town_hall(data, outcome.terminal, desk_work, serve=False))
