"""The register of foreign systems: who it is, what opens, and what is never written down."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chassis.clock import utc_now
from chassis.tokens import token_for
from contracts.systems import read_systems
from rathaus.doors.systems import OWN_SYSTEM, SystemsFile
from rathaus.embedded.home import Home
from rathaus.embedded.state import birth_of, write_state
from rathaus.main import app
from tests.rathaus.unit.answering import answering
from tests.rathaus.unit.states import a_state

GERMAN = {"LANG": "de_DE.UTF-8", "LC_ALL": "", "COLUMNS": "200"}


def rathaus(home: Home, *arguments: str) -> tuple[int, str]:
    outcome = CliRunner(env=GERMAN).invoke(app, [*arguments, "--data", str(home.root)])
    return outcome.exit_code, outcome.output


def shown_after(word: str, output: str) -> str:
    (line,) = (each for each in output.splitlines() if each.startswith(word))
    return line.removeprefix(word).strip()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "data")


def add(home: Home, name: str = "baederamt", *more: str) -> tuple[int, str]:
    return rathaus(
        home, "system", "add", name, "--source", f"//baeder/{name}", "--may", "pool_closed", "--pool", "freibad", *more
    )


def test_a_new_system_is_shown_its_secrets_once_and_the_file_has_only_their_hash(home: Home) -> None:
    status, output = add(home)

    key, seed = shown_after("API-Schlüssel:", output), shown_after("NKey-Seed:", output)
    system, entry = read_systems(home.systems).holder(key, now=utc_now()) or (None, None)
    assert status == 0
    assert system is not None
    assert entry is not None
    assert (system.may_send, system.pools) == (("pool_closed.v1",), ("freibad",))
    text = home.systems.read_text("utf-8")
    assert key not in text
    assert key.rsplit("_", 1)[1] not in text
    assert seed not in text
    assert system.nkey is not None


def test_a_system_without_a_seat_on_the_bus_has_no_nkey(home: Home) -> None:
    _, output = add(home, "baederamt", "--no-nats")

    system = read_systems(home.systems).named("baederamt")
    assert system is not None
    assert system.nkey is None
    assert "Nachrichtenbus" not in output


def test_an_unknown_event_is_refused_with_those_there_are(home: Home) -> None:
    status, output = rathaus(home, "system", "add", "x", "--source", "//x", "--may", "pool_opened")

    assert status == 2
    assert "pool_reopened.v1" in output
    assert not home.systems.exists()


def test_a_taken_name_and_a_name_that_cannot_be_are_refused(home: Home) -> None:
    add(home)

    again, taken = add(home)
    bad, invalid = add(home, "Bäder Amt")

    assert (again, bad) == (2, 2)
    assert "gibt es schon" in taken
    assert "name" in invalid


def test_after_a_rotation_both_keys_open_for_a_while(home: Home) -> None:
    old = shown_after("API-Schlüssel:", add(home)[1])

    new = shown_after("API-Schlüssel:", rathaus(home, "system", "key", "rotate", "baederamt")[1])

    systems = read_systems(home.systems)
    assert all(systems.holder(key, now=utc_now()) for key in (old, new))
    later = utc_now() + timedelta(days=8)
    assert (systems.holder(old, now=later), systems.holder(new, now=later) is not None) == (None, True)


def test_a_revoked_key_opens_nothing_at_once(home: Home) -> None:
    key = shown_after("API-Schlüssel:", add(home)[1])

    status, _ = rathaus(home, "system", "key", "revoke", "baederamt", key.split("_")[2])

    assert status == 0
    assert read_systems(home.systems).holder(key, now=utc_now()) is None
    assert rathaus(home, "system", "key", "revoke", "baederamt", "abcdef00")[0] == 2


def test_a_removed_system_is_gone_and_the_town_hall_itself_stays(home: Home) -> None:
    add(home)

    removed, own = rathaus(home, "system", "remove", "baederamt"), rathaus(home, "system", "remove", OWN_SYSTEM)

    assert (removed[0], own[0]) == (0, 2)
    assert [each.name for each in read_systems(home.systems).systems] == [OWN_SYSTEM]


def test_the_own_system_is_provided_once(home: Home) -> None:
    file = SystemsFile(home)
    file.provide_own()
    before = home.systems.read_bytes(), home.clerk_key.read_bytes()

    file.provide_own()

    assert (home.systems.read_bytes(), home.clerk_key.read_bytes()) == before


def test_the_list_names_systems_limits_and_keys_but_no_secret(home: Home) -> None:
    key = shown_after("API-Schlüssel:", add(home)[1])

    _, output = rathaus(home, "system", "list")

    assert "baederamt" in output
    assert key.split("_")[2] in output
    assert key.split("_")[3][:12] not in output


def test_a_folder_that_is_not_there_becomes_a_town_hall_by_its_first_system_and_says_so(home: Home) -> None:
    first, again = add(home)[1], add(home, "stadtwerke")[1]

    assert f"In {home.root} ist der Ordner eines neuen Rathauses angelegt" in first
    assert "neuen Rathauses" not in again
    assert home.is_there()


def test_nobody_takes_the_name_or_the_source_of_the_town_hall_before_its_first_start(home: Home) -> None:
    own = SystemsFile(home).own_source()

    name, said = add(home, OWN_SYSTEM)
    source, taken = rathaus(home, "system", "add", "x", "--source", own, "--may", "alert_issued")

    assert (name, source) == (2, 2)
    assert "das Rathaus selbst" in said
    assert f"rathaus mit {own}" in taken
    assert not home.systems.exists()


@pytest.mark.parametrize(
    "arguments", [["list"], ["remove", "x"], ["key", "rotate", "x"], ["key", "revoke", "x", "abcdef00"]]
)
def test_a_mistyped_folder_does_not_become_a_town_hall(home: Home, arguments: list[str]) -> None:
    home.root.mkdir()

    status, output = rathaus(home, "system", *arguments)

    assert (status, "nicht der Ordner eines Rathauses" in output) == (2, True)
    assert list(home.root.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [("{", "Invalid JSON"), ('{"systems": [{"name": "x"}]}', "systems.0.source: Field required")],
)
def test_a_broken_file_is_told_with_its_field(home: Home, content: str, why: str) -> None:
    add(home)
    home.systems.write_text(content)

    outcomes = [
        rathaus(home, *command)
        for command in (["system", "list"], ["system", "remove", "x"], ["events", "emit", "pool_closed"])
    ]

    assert [status for status, _ in outcomes] == [1] * 3
    assert all(str(home.systems) in output and why in output for _, output in outcomes)
    assert home.systems.read_text() == content


def test_the_list_of_a_running_town_hall_tells_what_came_today(home: Home) -> None:
    add(home)
    counts = {"accepted_today": 1234, "daily_quota": 1, "waiting_reports": 7}

    with a_door(home, {"systems": [{"name": "baederamt", **counts}]}):
        status, output = rathaus(home, "system", "list")

    assert (status, "1.234 angenommen" in output, "7 Meldungen warten" in output) == (0, True, True)


def test_a_door_that_says_something_else_does_not_hide_the_list(home: Home) -> None:
    add(home)

    with a_door(home, {}):
        status, output = rathaus(home, "system", "list")

    assert (status, "baederamt" in output, "antwortet gerade nicht" in output) == (0, True, True)


@contextmanager
def a_door(home: Home, answer: dict[str, Any]) -> Generator[None]:
    """Let a town hall run as far as its state tells, with a door that gives one answer to the right token."""
    token = token_for(home.secrets("rathaus"), "intake")
    with answering(200, json.dumps(answer).encode(), token=token) as url:
        write_state(home, a_state(pid=os.getpid(), birth=birth_of(os.getpid()) or "", addresses={"intake": url}))
        yield


def test_a_system_for_pools_says_which(home: Home) -> None:
    status, output = rathaus(home, "system", "add", "x", "--source", "//x", "--may", "pool_closed")

    assert (status, "--pool" in output) == (2, True)
