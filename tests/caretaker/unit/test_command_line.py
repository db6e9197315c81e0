from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rathaus.bus.commands import instant, since_of
from rathaus.main import app

GERMAN = {"LANG": "de_DE.UTF-8", "LC_ALL": ""}


@pytest.mark.parametrize(
    "chosen", [[], ["--all"], ["3", "--all"], ["3", "--durable", "x"], ["--durable", "x"], ["3", "--reason", "x"]]
)
def test_either_one_letter_or_all_of_a_consumer_are_given_back(chosen: list[str]) -> None:
    outcome = CliRunner(env=GERMAN).invoke(app, ["dlq", "redeliver", *chosen])

    assert (outcome.exit_code, "--all mit --durable" in outcome.output) == (2, True)


@pytest.mark.parametrize("chosen", [["3"], ["3", "--as", "E. Muster"], ["3", "--reason", "doppelt"]])
def test_discarding_needs_a_name_and_a_reason(chosen: list[str]) -> None:
    assert CliRunner(env=GERMAN).invoke(app, ["dlq", "discard", *chosen]).exit_code == 2


def test_a_folder_that_is_not_there_does_not_become_a_town_hall(tmp_path: Path) -> None:
    folder = tmp_path / "mistyped"

    outcome = CliRunner(env=GERMAN).invoke(app, ["dlq", "list", "--data", str(folder)])

    assert (outcome.exit_code, folder.exists()) == (2, False)


def test_an_instant_that_is_none_is_refused_with_examples() -> None:
    command = ["replay", "redeliver", "--durable", "accounts-notices", "--since", "gestern"]

    outcome = CliRunner(env=GERMAN).invoke(app, command)

    assert (outcome.exit_code, "2026-03-02T09:30" in outcome.output) == (2, True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-02", datetime(2026, 3, 1, 23, 0, tzinfo=UTC)),
        ("2026-07-02T09:30", datetime(2026, 7, 2, 7, 30, tzinfo=UTC)),
        ("2026-07-02T09:30:00Z", datetime(2026, 7, 2, 9, 30, tzinfo=UTC)),
        ("2026-07-02T09:30:00-05:00", datetime(2026, 7, 2, 9, 30, tzinfo=timezone(timedelta(hours=-5)))),
    ],
)
def test_an_instant_is_in_the_time_of_the_town_unless_it_has_a_zone(text: str, meant: datetime) -> None:
    assert since_of(text) == meant


def test_instants_are_shown_in_the_time_of_the_town() -> None:
    shown = [instant(datetime(2026, 7, 2, 7, 30, tzinfo=UTC)), instant(None)]

    assert shown == ["02.07.2026 09:30:00", ""]
