"""What the command line refuses at once, whatever the command."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from rich.console import Console
from typer.testing import CliRunner

from chassis.clock import utc_now
from rathaus.embedded.home import Home
from rathaus.levy.tables import Terminal, cell, printable
from rathaus.main import app
from rathaus.words import Words

GERMAN = {"LANG": "de_DE.UTF-8", "LC_ALL": ""}
BEYOND = str(2**63)


def said(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner(env=GERMAN).invoke(app, arguments)
    return outcome.exit_code, outcome.output


@pytest.mark.parametrize(
    "command",
    [
        ["levy", "status", str(uuid4())],
        ["levy", "release", str(uuid4()), "--hash", "a", "--as", "E. Muster"],
        ["levy", "changes"],
        ["letter", "decide", str(uuid4()), "--as", "E. Muster", "--withdraw"],
        ["staff", "list"],
        ["dlq", "list"],
        ["dlq", "redeliver", "1"],
        ["replay", "rebuild", "--durable", "x"],
    ],
)
def test_a_folder_that_is_no_town_hall_does_not_become_one(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()

    status, output = said(*command, "--data", str(tmp_path))

    assert (status, "nicht der Ordner eines Rathauses" in " ".join(output.split())) == (2, True)
    assert [each.name for each in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    "command", [["dlq", "show", BEYOND], ["dlq", "redeliver", BEYOND], ["dlq", "list", "--after", BEYOND]]
)
def test_a_number_that_nothing_can_have_is_refused(command: list[str], tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.provision()

    status, output = said(*command, "--data", str(tmp_path))

    assert (status, str(2**63 - 1) in output) == (2, True)


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (f"{utc_now().year + 1}-01-02", "in der Zukunft"),
        ("9999-12-31T23:59:59-12:00", "kein Zeitpunkt"),
        ("0001-01-01", "kein Zeitpunkt"),
        ("1969-01-01", "zu weit zurück"),
    ],
)
def test_an_instant_from_which_nothing_can_be_repeated_is_refused(since: str, why: str) -> None:
    status, output = said("replay", "redeliver", "--durable", "accounts-notices", "--since", since)

    assert (status, why in output) == (2, True)


def test_too_few_open_files_are_told_before_anything_starts(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rathaus", "up", "--data", str(tmp_path)],
        env={**GERMAN, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(__file__).parents[3],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (400, 500)),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, "nur 500 offene Dateien" in done.stdout, done.stderr) == (1, True, "")
    assert list(tmp_path.iterdir()) == []


def test_text_from_outside_keeps_its_lines_and_letters_and_nothing_that_steers() -> None:
    assert printable("Änne\u00a0Kühne\n\x1b[31m\r\x00\u202e\ud800") == "Änne Kühne\n?[31m ???"
    assert cell("[bold]x[/bold]").plain == "[bold]x[/bold]"


def test_a_sentence_is_free_of_what_its_values_bring_along() -> None:
    console = Console(record=True, width=100)

    Terminal(console, Words("de")).say("refused", title="so\x1b]0;nicht\x07")

    assert console.export_text() == "Abgelehnt: so?]0;nicht?\n"
