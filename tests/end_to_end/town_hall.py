"""A town hall in a folder, driven as a person does: by the command. And what is to be found out about it afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from time import monotonic
from typing import Any

import psutil

from tests.simulators.provider import Provider

_ENDING_SECONDS = 5.0

DEMO = Path(__file__).parents[2] / "services" / "notices" / "demo"
STATUTE = DEMO / "satzung-2026.toml"


def levy_file(target: Path, *, notices: int) -> Path:
    """Cut a levy file with this many notices out of the demo data."""
    header, *rows = (DEMO / "umlage-2026.csv").read_text("utf-8-sig").splitlines()
    kept: list[str] = []
    levied: set[str] = set()
    owed = independent_amounts(rows)
    for row in rows:
        reference = row.split(";", 1)[0]
        if owed[reference] >= Decimal(10):
            if reference not in levied and len(levied) == notices:
                break
            levied.add(reference)
        kept.append(row)
    target.write_text("\r\n".join([header, *kept]) + "\r\n", "utf-8-sig")
    return target


def independent_amounts(rows: Sequence[str]) -> dict[str, Decimal]:
    """Compute each debtor's levy from the rows, straight from the formula and without the project's code."""
    rates = {"Tanger": (Decimal("9.87"), Decimal("6.45")), "Uchte": (Decimal("10.42"), Decimal("4.18"))}
    areas: dict[tuple[str, str], list[int]] = {}
    owed: dict[str, Decimal] = {}
    for row in rows:
        cells = row.split(";")
        owed.setdefault(cells[0], Decimal(0))
        if not cells[18]:
            sums = areas.setdefault((cells[0], cells[17]), [0, 0])
            sums[0] += int(cells[15])
            sums[1] += int(cells[16])
    for (reference, association), sums in areas.items():
        for area, rate in zip(sums, rates[association], strict=True):
            owed[reference] += (Decimal(area) * rate / 10000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return owed


def expected_sum(levy: Path) -> Decimal:
    """Return what a levy file must bring in: everything that is not lower than ten euros."""
    rows = levy.read_text("utf-8-sig").splitlines()[1:]
    return sum((amount for amount in independent_amounts(rows).values() if amount >= Decimal(10)), Decimal(0))


@dataclass(frozen=True, slots=True)
class Folder:
    """One data folder and the commands on it."""

    path: Path

    def start(self, *arguments: object, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a `rathaus` command; its output is kept in a file."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "command.log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "rathaus", *(str(argument) for argument in arguments)],
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                env={**os.environ, **(environment or {})},
            )

    def run(self, *arguments: object, environment: Mapping[str, str] | None = None, timeout: float = 240) -> int:
        """Run a command to its end and return its exit status."""
        process = self.start(*arguments, environment=environment)
        try:
            return process.wait(timeout)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)

    def said(self) -> str:
        """Return all that the commands printed."""
        return (self.path / "command.log").read_text("utf-8")

    def levy(self, levy: Path) -> tuple[object, ...]:
        """Return the arguments of a levy run that goes through in one."""
        report = self.path / "report.json"
        return ("levy", "run", levy, "--statute", STATUTE, "--data", self.path, "--release", "--report", report)

    def report(self) -> dict[str, Any]:
        """Return the report of the last run."""
        return json.loads((self.path / "report.json").read_text("utf-8"))

    def children(self) -> dict[str, int]:
        """Return the processes of the town hall that runs here, by name."""
        try:
            state = json.loads((self.path / "run" / "state.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {name: pid for name, pid in state["processes"].items() if psutil.pid_exists(pid)}

    def kill(self, name: str) -> bool:
        """End one process of the town hall without warning; False when it is not there."""
        pid = self.children().get(name)
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def state(self) -> dict[str, Any]:
        """Return what the town hall that runs here says of itself; empty when it is not ready."""
        try:
            state = json.loads((self.path / "run" / "state.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return state if state["ready"] else {}

    def leftovers(self) -> list[str]:
        """Return the processes that still work in this folder; the kernel has a moment to end those that it must."""
        deadline = monotonic() + _ENDING_SECONDS
        while (found := self._working()) and monotonic() < deadline:
            time.sleep(0.1)  # noqa: TID251 - a test outside of any loop
        return found

    def _working(self) -> list[str]:
        found: list[str] = []
        for process in psutil.process_iter():
            command = _told(process)
            if str(self.path) in command and process.pid != os.getpid():
                found.append(command[:200])
        return found

    @contextmanager
    def provider(self) -> Generator[Provider]:
        """Open the books of the simulated provider, once the town hall has stopped."""
        with Provider(self.path / "simulators" / "epost") as provider:
            yield provider


def _told(process: psutil.Process) -> str:
    """Return what ties a process to a folder: command line, environment and the files that it holds open.

    Nothing of one that is gone or only waits to be collected. A forked child shows the command line of its parent.
    """
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return ""
        files = [each.path for each in process.open_files()]
        return " ".join([*process.cmdline(), *process.environ().values(), *files])
    except psutil.Error:
        return ""


def assert_posted_once(folder: Folder, levy: Path, *, notices: int) -> None:
    """Everything arrived, nothing twice, and the money agrees to the cent with an independent calculation."""
    report = folder.report()
    assert report["chain_closed"], report["differences"]
    assert (report["assessed"], report["posted"], report["open"], report["unclear"]) == (notices, notices, 0, 0)
    assert Decimal(report["amount_posted"]) == expected_sum(levy)
    with folder.provider() as provider:
        summary = provider.summary()
    assert summary["distinctCustom1Letters"] == notices, summary
    assert summary["lettersWithMoreThanOne"] == 0, summary
