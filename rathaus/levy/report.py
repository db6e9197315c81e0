"""The report of a run as files: JSON for machines, row errors for Excel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rathaus.embedded.files import write_whole
from rathaus.embedded.home import Home
from rathaus.levy.costs import ManualSteps, OldWay, manual_steps
from rathaus.levy.models import Counts, Reconciliation, Seconds


class TotalSeconds(Seconds):
    """The parts, and the whole of this command from start to report."""

    total: float


class Report(Counts):
    """The reconciliation with the old way beside it. Money is text with two decimals, counts are numbers."""

    seconds: TotalSeconds
    old_way_cost: Decimal
    manual_steps: ManualSteps


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where a report was written."""

    report: Path
    row_errors: Path
    letters: Path


def make_report(counts: Reconciliation, *, old_way: OldWay, total_seconds: float) -> Report:
    """Set the old way beside what a run has come to."""
    seconds = counts.seconds.model_dump(by_alias=True) | {"total": round(total_seconds, 3)}
    return Report.model_validate(
        counts.model_dump(by_alias=True)
        | {
            "seconds": seconds,
            "old_way_cost": old_way.cost(letters=counts.rendered, pages=counts.pages, sheets=counts.sheets),
            "manual_steps": manual_steps(counts),
        }
    )


def write_report(home: Home, report: Report, row_errors: bytes, *, more: Iterable[Path]) -> ReportFiles:
    """Write the report and the row errors below the data folder, and the report where else it is wanted."""
    text = report.model_dump_json(by_alias=True, indent=2) + "\n"
    files = ReportFiles(
        report=home.reports / f"{report.run_id}.json",
        row_errors=home.reports / f"{report.run_id}-zeilenfehler.csv",
        letters=home.letters / "index.html",
    )
    write_whole(files.row_errors, row_errors)
    for path in (files.report, *more):
        write_whole(path, text)
    return files
