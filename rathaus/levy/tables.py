"""What the terminal shows of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rathaus.embedded.home import Home
from rathaus.embedded.state import HallState
from rathaus.embedded.surroundings import MAIL
from rathaus.levy.costs import OldWay
from rathaus.levy.models import Run, Trouble
from rathaus.levy.report import Report, ReportFiles
from rathaus.words import TOWN_TIME, Words

_FINDINGS_SHOWN = 20
ROW_ERRORS_SHOWN = 10


class Terminal:
    """Writes to people."""

    def __init__(self, console: Console, words: Words) -> None:
        """Keep where to write and in which language."""
        self.console = console
        self.words = words

    def say(self, key: str, **values: object) -> None:
        """Write a sentence; long paths and commands are never broken."""
        self.line(self.words.say(key, **values))

    def line(self, text: str) -> None:
        """Write a line as it is, but for what would steer the terminal."""
        self.console.print(printable(text), soft_wrap=True, highlight=False, markup=False)

    def where(self, home: Home, state: HallState) -> None:
        """Show what is running where."""
        table = plain_table(
            self.words.say("where"), *(self.words.say(key) for key in ("process", "address", "pid", "log"))
        )
        for name, pid in state.processes.items():
            address = state.addresses.get(name, state.nats_url if name == "nats-server" else "")
            table.add_row(name, address, str(pid), str(home.log(name).relative_to(home.root)))
        self.console.print(table)
        self.say("data", home=home.root)
        self.say("portal_at", url=state.portal_url)
        if MAIL in state.addresses:
            self.say("inbox_at", url=state.addresses[MAIL])

    def overview(self, run: Run, old_way: OldWay) -> None:
        """Show what somebody needs to know before approving."""
        number, say = self.words.number, self.words.say
        forecast = run.forecast
        old = old_way.cost(letters=forecast.letters, pages=forecast.pages, sheets=forecast.sheets)
        table = plain_table(f"{run.kind} {run.year}", "", "")
        for key, value in (
            ("run", str(run.run_id)),
            ("state", self.state_of(run)),
            ("imported_by", run.imported_by),
            ("notices", number(run.progress.rendered)),
            ("sum", f"{number(run.sum)} EUR"),
            ("pages_sheets", f"{number(forecast.pages)} / {number(forecast.sheets)}"),
            ("forecast", f"{number(forecast.net)} EUR"),
            ("old_way", f"{number(old)} EUR"),
        ):
            table.add_row(say(key), cell(value))
        self.console.print(table)

    def findings(self, run: Run) -> None:
        """Show the notices that could not be drawn."""
        if not run.progress.render_failed:
            return
        self.say("finding_count", count=self.words.number(run.progress.render_failed))
        table = plain_table(self.words.say("findings"), self.words.say("reference"), self.words.say("message"))
        for finding in run.findings[:_FINDINGS_SHOWN]:
            table.add_row(cell(finding.reference), cell(finding.message))
        self.console.print(table)

    def state_of(self, run: Run) -> str:
        """Put the state of a run into words."""
        return self.words.say(f"{run.state}_state", date=date_of(run), person=run.approved_by)

    def report(self, report: Report, files: ReportFiles) -> None:
        """Show the reconciliation, the old way beside the new one, and where the files are."""
        self.console.print(self._chain(report, _SECTIONS))
        self.console.print(self._comparison(report))
        number = self.words.number
        self.say(
            "administration",
            charged=number(report.administration_charged),
            actual=number(report.administration_actual),
        )
        seconds = report.seconds.model_dump(by_alias=True)
        self.say("seconds", **{name: "-" if each is None else f"{each:.1f}" for name, each in seconds.items()})
        self.closed(report)
        self.files(report, files)

    def import_report(self, report: Report, files: ReportFiles) -> None:
        """Show what has become of the rows of the file; nothing has been sent yet."""
        self.console.print(self._chain(report, _SECTIONS[:_BEFORE_RELEASE]))
        self.closed(report)
        self.files(report, files)

    def held_back(self, report: Report, files: ReportFiles) -> None:
        """Say how many debtors need a correction of the file first, and the first ones at once."""
        if report.held_back or report.row_errors:
            counts = {"count": report.held_back, "errors": len(report.row_errors)}
            self.say("held_back_count", **counts, file=files.row_errors)
        for error in report.row_errors[:ROW_ERRORS_SHOWN]:
            self.say("row_error", row=error.row, column=error.column, message=error.message)
        if len(report.row_errors) > ROW_ERRORS_SHOWN:
            self.say("row_errors_more", count=len(report.row_errors) - ROW_ERRORS_SHOWN)

    def files(self, report: Report, files: ReportFiles) -> None:
        """Say where everything is to be read."""
        self.say("report_at", file=files.report)
        if report.row_errors:
            self.say("errors_at", file=files.row_errors)
        self.say("letters_at", file=files.letters)

    def closed(self, report: Report) -> None:
        """Say whether the chain closes, and what is different where it does not; a run in progress has none yet."""
        if report.state == "rendering":
            self.say("in_progress")
            return
        if report.state == "superseded":
            self.say("superseded")
            return
        if report.state == "released" and report.open + report.unrouted:
            self.say("on_the_way", count=self.words.number(report.open + report.unrouted))
        if report.chain_closed:
            self.say("chain_closed")
            return
        self.say("chain_open")
        for difference in report.differences:
            self.line(f"  {difference}")

    def troubles(self, troubles: Iterable[Trouble]) -> None:
        """Show what to do about letters that were refused, are unclear or cannot be sent, and which they are."""
        alike: defaultdict[tuple[str, str], list[Trouble]] = defaultdict(list)
        for each in troubles:
            alike[each.title, each.action].append(each)
        for (title, action), letters in sorted(alike.items(), key=lambda found: -len(found[1])):
            self.line(f"{self.words.number(len(letters))} x {title} {action}")
            for each in letters[:_MOST_LETTERS]:
                self.line(f"  {each.letter_id}  ({each.reference})")
            if len(letters) > _MOST_LETTERS:
                self.say("more_letters", count=len(letters) - _MOST_LETTERS)

    def samples(self, samples: list[tuple[str, Path]]) -> None:
        """Show which letters to look at."""
        self.say("samples")
        for why, path in samples:
            self.line(f"  {path}  ({why})")

    def _chain(self, report: Report, sections: Sequence[tuple[str, ...]]) -> Table:
        title = self.words.say("report", kind=report.kind, year=report.year)
        table = plain_table(title, self.words.say("station"), self.words.say("count"), "EUR", numbers=True)
        amounts: dict[str, Decimal] = {
            "assessed": report.amount_assessed,
            "below_minimum": report.amount_below_minimum,
            "held_back": report.amount_held_back,
            "posted": report.amount_posted,
        }
        for keys in sections:
            for key in keys:
                value = getattr(report, key)
                count = value if isinstance(value, int) else len(value)
                amount = self.words.number(amounts[key]) if key in amounts else ""
                table.add_row(self.words.say(key), self.words.number(count), amount)
            table.add_section()
        return table

    def _comparison(self, report: Report) -> Table:
        say, number = self.words.say, self.words.number
        table = plain_table(say("comparison"), "", say("old"), say("new"), numbers=True)
        table.add_row(say("cost"), number(report.old_way_cost), number(report.postage_net))
        table.add_row(say("steps"), number(report.manual_steps.old), number(report.manual_steps.new))
        return table


_SECTIONS = (
    ("rows", "unattributed_rows", "row_errors"),
    ("debtors", "below_minimum", "held_back", "assessed"),
    ("rendered", "render_failed"),
    ("routed_paper", "routed_mailbox", "unrouted"),
    ("submitted", "posted", "failed", "unclear", "open"),
)
_MOST_LETTERS = 20
_BEFORE_RELEASE = 3


def date_of(run: Run) -> str:
    """Return the date of a run's release as DD.MM.YYYY, empty before it."""
    return f"{run.released_at.astimezone(TOWN_TIME):%d.%m.%Y}" if run.released_at is not None else ""


def printable(text: str) -> str:
    """Take out of text from outside what would steer the terminal; it may have several lines."""
    return "".join(each if each.isprintable() or each == "\n" else " " if each.isspace() else "?" for each in text)


def cell(text: str) -> Text:
    """Show text from outside in a table as it is: no markup, nothing that steers the terminal."""
    return Text(printable(text))


def plain_table(title: str, *headers: str, numbers: bool = False) -> Table:
    """Return an empty table; with `numbers` all columns but the first are right-aligned."""
    table = Table(title=title, title_justify="left", show_header=any(headers), min_width=len(title))
    for position, header in enumerate(headers):
        table.add_column(header, justify="right" if numbers and position else "left", overflow="fold")
    return table
