from __future__ import annotations

from uuid import uuid4

import pytest
from rich.console import Console
from typer.testing import CliRunner

from rathaus.levy.models import Trouble
from rathaus.levy.tables import Terminal
from rathaus.main import app
from rathaus.words import Words


@pytest.mark.parametrize("chosen", [[], ["--send-again", "--withdraw"], ["--posted", "2026-03-02", "--send-again"]])
def test_a_decision_is_exactly_one(chosen: list[str]) -> None:
    command = ["letter", "decide", str(uuid4()), "--as", "Erika Muster", *chosen]

    outcome = CliRunner(env={"LANG": "de_DE.UTF-8", "LC_ALL": ""}).invoke(app, command)

    assert (outcome.exit_code, "genau eines" in outcome.output) == (2, True)


@pytest.mark.parametrize("day", ["02.03.2026", "2026-03-02"])
def test_a_posting_date_is_written_either_way(day: str) -> None:
    command = ["letter", "decide", str(uuid4()), "--as", "Erika Muster", "--posted", day, "--withdraw"]

    assert "genau eines" in CliRunner(env={"LANG": "de_DE.UTF-8", "LC_ALL": ""}).invoke(app, command).output


def test_troubles_name_the_letters_that_a_clerk_decides_about() -> None:
    console = Console(record=True, width=200)
    letters = [uuid4() for _ in range(22)]
    troubles = [
        Trouble(letter_id=each, reference=f"{each}.1", state="unclear", code=None, title="Ungeklärt.", action="Bitte.")
        for each in letters
    ]

    Terminal(console, Words("de")).troubles(troubles)

    shown = console.export_text()
    assert "22 x Ungeklärt. Bitte." in shown
    assert [str(each) in shown for each in letters] == [True] * 20 + [False] * 2
    assert "und 2 weitere" in shown
