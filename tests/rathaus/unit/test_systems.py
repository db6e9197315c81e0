"""The register of foreign systems: who it is, what opens, and what is never written down."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chassis.clock import utc_now
from contracts.systems import read_systems
from rathaus.doors.systems import OWN_SYSTEM, SystemsFile
from rathaus.embedded.home import Home
from rathaus.main import app

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

    (system,) = read_systems(home.systems).systems
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
    SystemsFile(_provisioned(home)).provide_own("15090546")
    add(home)

    removed, own = rathaus(home, "system", "remove", "baederamt"), rathaus(home, "system", "remove", OWN_SYSTEM)

    assert (removed[0], own[0]) == (0, 2)
    assert [each.name for each in read_systems(home.systems).systems] == [OWN_SYSTEM]


def test_the_own_system_is_provided_once(home: Home) -> None:
    file = SystemsFile(_provisioned(home))
    file.provide_own("15090546")
    before = home.systems.read_bytes(), home.clerk_key.read_bytes()

    file.provide_own("15090546")

    assert (home.systems.read_bytes(), home.clerk_key.read_bytes()) == before


def test_the_list_names_systems_limits_and_keys_but_no_secret(home: Home) -> None:
    key = shown_after("API-Schlüssel:", add(home)[1])

    _, output = rathaus(home, "system", "list")

    assert "baederamt" in output
    assert key.split("_")[2] in output
    assert key.split("_")[3][:12] not in output


def _provisioned(home: Home) -> Home:
    home.provision()
    return home
