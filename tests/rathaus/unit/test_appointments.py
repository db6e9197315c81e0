"""`rathaus appointments` against a service that gives one answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from rathaus.appointments.answers import Calendar
from rathaus.appointments.tables import HoursTables
from rathaus.appointments.work import with_appointments
from rathaus.embedded.hall import TownHall
from rathaus.embedded.home import Home
from rathaus.levy.tables import Terminal
from rathaus.main import app
from rathaus.words import Words
from tests.rathaus.unit.answering import answering
from tests.rathaus.unit.states import a_state

FILE = Path("termine.csv")
SERIES = {
    "resources": ["schalter-1", "weg-9"],
    "audience": "internal",
    "weekdays": [0, 3],
    "every_weeks": 2,
    "from_time": "09:00",
    "to_time": "12:00",
    "first_day": "2026-12-07",
    "last_day": None,
    "note": "Winter\x1b[2J",
}
CLOSED = {
    "resources": None,
    "kind": "closed",
    "audience": "public",
    "first_day": "2026-12-24",
    "last_day": "2027-01-02",
    "from_time": None,
    "to_time": None,
    "reason": "Betriebsferien",
}
OUTSIDE = {"number": "K7M2QX", "starts_at": "2026-12-28T08:00:00Z", "resources": ["schalter-1"]}
CALENDAR: dict[str, Any] = {
    "version": 3,
    "resources": [{"resource": "schalter-1", "name": "Schalter 1"}],
    "series": [SERIES],
    "exceptions": [CLOSED],
    "outside": [OUTSIDE],
}


async def handed_in(folder: Path, status: int, answer: object, *, kind: str = "text/csv") -> tuple[int, str]:
    home = Home.at(folder)
    home.provision()
    console = Console(record=True, width=160)
    with answering(status, json.dumps(answer).encode()) as url:
        state = a_state(pid=1, birth="", addresses={"appointments": url})
        hall = TownHall(home, lambda: state, ours=True)
        outcome = await with_appointments(
            hall,
            Terminal(console, Words("de")),
            lambda desk: desk.take("bookings", b"id\n", FILE, kind=kind),
        )
    return outcome, console.export_text()


def shown(calendar: dict[str, Any]) -> str:
    console = Console(record=True, width=160)
    HoursTables(Terminal(console, Words("de")), Calendar.model_validate(calendar)).show("buergerbuero")
    return console.export_text()


async def test_rows_that_were_refused_are_shown_kept_and_told_by_the_exit_status(tmp_path: Path) -> None:
    refused = [{"row": 3, "why": "Der Termin überschneidet sich mit Termin K7M2QX."}]
    noted = [{"row": 4, "why": "Der Termin liegt außerhalb der Öffnungszeiten."}]
    report = {"rows": 1203, "added": 1200, "unchanged": 2, "refused": refused, "noted": noted}

    status, said = await handed_in(tmp_path, 200, report)

    written = (Home.at(tmp_path).reports / "termine.csv-import.csv").read_text("utf-8-sig").splitlines()
    assert status == 1
    assert "Termin K7M2QX" in said
    assert said.endswith("Neu: 1.200, schon da: 2, abgelehnt: 1.\n")
    assert written[0] == "Zeile;Was;Grund"
    assert written[2].startswith("4;Übernommen, aber bitte ansehen;")


async def test_what_is_refused_of_a_calendar_is_counted_by_entry(tmp_path: Path) -> None:
    report = {
        "rows": 2,
        "added": 1,
        "unchanged": 0,
        "refused": [{"row": 2, "why": "Es fehlt der Beginn."}],
        "noted": [],
    }

    _, said = await handed_in(tmp_path, 200, report, kind="text/calendar")

    assert "Eintrag" in said
    assert "Zeile" not in said


async def test_an_import_without_refusals_is_a_success(tmp_path: Path) -> None:
    outcome = await handed_in(tmp_path, 200, {"added": 0, "unchanged": 3, "refused": []})

    assert outcome == (0, "Neu: 0, schon da: 3, abgelehnt: 0.\n")


async def test_a_file_that_the_service_cannot_read_is_said_in_its_words(tmp_path: Path) -> None:
    problem = {"title": "Diese Datei ist nicht lesbar.", "detail": "In der ersten Zeile fehlen Spalten: id."}

    status, said = await handed_in(tmp_path, 422, problem)

    assert status == 2
    assert said == "Abgelehnt: Diese Datei ist nicht lesbar.\nIn der ersten Zeile fehlen Spalten: id.\n"


def test_opening_hours_are_shown_with_closures_and_what_lies_outside() -> None:
    text = shown(CALENDAR)

    for told in (
        "Mo Do (alle 2 Wochen)",
        "09:00-12:00",
        "Schalter 1",
        "weg-9",
        "nur Personal",
        "ab 07.12.2026",
        "Winter?[2J",
        "24.12.2026 bis 02.01.2027",
        "ganztags",
        "Betriebsferien",
        "K7M2QX",
        "28.12.2026 09:00",
    ):
        assert told in text, told


def test_an_office_without_hours_says_so() -> None:
    text = shown({**CALENDAR, "series": [], "exceptions": [], "outside": []})

    assert text == "Für buergerbuero sind keine Öffnungszeiten eingetragen.\n"


@pytest.mark.parametrize("command", ["import-hours", "import-bookings"])
@pytest.mark.parametrize(
    ("content", "said"), [(None, "lässt sich nicht lesen"), ("Büro".encode("cp1252"), "nicht in UTF-8")]
)
def test_what_cannot_work_is_refused_before_anything_starts(
    command: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    data, file = tmp_path / "data", tmp_path / "termine.csv"
    if content is not None:
        file.write_bytes(content)

    outcome = CliRunner(env={"LANG": "de_DE.UTF-8", "LC_ALL": ""}).invoke(
        app, ["appointments", command, str(file), "--data", str(data)]
    )

    assert (outcome.exit_code, said in " ".join(outcome.output.split()), data.exists()) == (2, True, False)
