"""`rathaus events emit`: what is refused before anything is started or sent, and what the door's answer looks like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from rathaus.doors.emission import Emission, emit_event
from rathaus.embedded.home import Home
from rathaus.levy.tables import Terminal
from rathaus.main import app
from rathaus.words import Words
from tests.rathaus.unit.answering import answering

GERMAN = {"LANG": "de_DE.UTF-8", "LC_ALL": "", "COLUMNS": "200"}
PAIRS = ("pool=freibad", "reason=storm")
SOURCE = "//tangerhuette/baederamt"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "data")
    home.provision()
    return home


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text("rathaus_baederamt_abcdef_0123\n")
    return path


def emit(*arguments: object, stdin: bytes | None = None) -> tuple[int, str]:
    command = ["events", "emit", *(str(each) for each in arguments)]
    outcome = CliRunner(env=GERMAN).invoke(app, command, input=stdin)
    assert outcome.exception is None or isinstance(outcome.exception, SystemExit), outcome.exception
    return outcome.exit_code, outcome.output


def test_an_address_without_a_key_and_a_key_without_an_address_go_nowhere(home: Home, key_file: Path) -> None:
    either = [
        emit("pool_closed", *PAIRS, "--source", SOURCE, "--data", home.root, *one)
        for one in (("--url", "http://127.0.0.1:1"), ("--key-file", key_file))
    ]

    assert [(status, "nur zusammen" in output) for status, output in either] == [(2, True)] * 2


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://town", "http://", "http://town:99999", "http://town:x", ""])
def test_an_address_that_is_none_is_told(url: str, key_file: Path) -> None:
    status, output = emit("pool_closed", *PAIRS, "--source", SOURCE, "--url", url, "--key-file", key_file)

    assert (status, "beginnt mit http:// oder https://" in output) == (2, True)


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe", b"one\ntwo"])
def test_a_key_that_cannot_be_read_is_told(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)

    status, output = emit("pool_closed", *PAIRS, "--source", SOURCE, "--url", "http://127.0.0.1:1", "--key-file", path)

    assert (status, "kein API-Schlüssel zu lesen" in output) == (2, True)


def test_another_town_hall_needs_the_source_that_was_agreed(key_file: Path) -> None:
    status, output = emit("pool_closed", *PAIRS, "--url", "http://127.0.0.1:1", "--key-file", key_file)

    assert (status, "--source" in output) == (2, True)


def test_a_mistyped_folder_does_not_become_a_town_hall(tmp_path: Path) -> None:
    status, output = emit("pool_closed", *PAIRS, "--data", tmp_path / "daten")

    assert (status, "nicht der Ordner eines Rathauses" in output) == (2, True)
    assert not (tmp_path / "daten").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pool_close", "pool=x"], "weder eine Datei noch ein Ereignis"),
        (["pool_closed", "pool"], "kein Paar"),
        (["pool_closed", "pool=1", "pool.b=2"], "passt nicht zu einem anderen Paar"),
        (["x" * 300], "lässt sich nicht lesen"),
    ],
)
def test_a_typing_mistake_starts_no_town_hall(home: Home, arguments: list[str], said: str) -> None:
    status, output = emit(*arguments, "--data", home.root)

    assert (status, said in output) == (2, True)
    assert not home.systems.exists()


@pytest.mark.parametrize("content", [b"", b"  \n", b"[]", b" [ \n ] "])
def test_nothing_is_not_sent(home: Home, content: bytes) -> None:
    status, output = emit("-", "--data", home.root, stdin=content)

    assert (status, "nichts zu senden" in output) == (2, True)


def test_a_reason_is_told_once(key_file: Path) -> None:
    finding = {"pointer": "/data/pool", "message": "Dieses Bad ist nicht vereinbart."}
    problem = {"title": "Passt nicht.", "detail": finding["message"], "findings": [finding, finding | {"pointer": ""}]}

    status, said = sent_to(422, problem, key_file)

    assert (status, said.count("Passt nicht.")) == (2, 1)
    assert said.splitlines()[1:] == [
        "  /data/pool: Dieses Bad ist nicht vereinbart.",
        "  /: Dieses Bad ist nicht vereinbart.",
    ]


def test_a_door_does_not_steer_the_terminal(key_file: Path) -> None:
    _, said = sent_to(403, {"title": "Nein\x1b[2J", "detail": "\u202eweil"}, key_file)

    assert ("Nein?[2J" in said, "?weil" in said) == (True, True)


def test_an_event_that_was_taken_in_is_told(key_file: Path) -> None:
    taken = {"events": [{"id": "a", "outcome": "accepted"}, {"id": "b", "outcome": "duplicate"}]}

    assert sent_to(202, taken, key_file) == (0, "Angenommen: a\nSchon bekannt, nichts doppelt getan: b\n")


@pytest.mark.parametrize(("status", "body"), [(202, {}), (202, {"events": [{"id": 1}]}), (404, {}), (200, {"ok": 1})])
def test_somebody_else_who_answers_is_no_door(status: int, body: Mapping[str, object], key_file: Path) -> None:
    left, said = sent_to(status, body, key_file)

    assert (left, "keine Tür eines Rathauses" in said) == (2, True)


def sent_to(status: int, body: Mapping[str, object], key_file: Path) -> tuple[int, str]:
    """Send an event to a door that gives one answer; return the exit status and what was said."""
    console = Console(record=True, width=200)
    with answering(status, json.dumps(body).encode()) as url:
        wanted = Emission("pool_closed", PAIRS, None, url, key_file, SOURCE)
        with pytest.raises(SystemExit) as left:
            emit_event(Terminal(console, Words("de")), wanted, Path())
    assert isinstance(left.value.code, int)
    return left.value.code, console.export_text()
