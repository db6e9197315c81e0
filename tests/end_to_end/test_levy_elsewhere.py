"""A levy with a bad row, from a fresh folder, and on PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

from rathaus.embedded.plan import SERVICES
from tests.end_to_end.town_hall import Folder, assert_posted_once, levy_file
from tests.simulators.provider import LOGIN, Provider
from tests.support.postgres import Postgres


def test_a_bad_row_holds_back_its_debtor_and_nobody_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")
    levy = levy_file(tmp_path / "levy.csv", notices=6)
    lines = levy.read_text("utf-8-sig").splitlines()
    cells = lines[1].split(";")
    cells[15] = "12,5"
    lines[1] = ";".join(cells)
    levy.write_text("\r\n".join(lines) + "\r\n", "utf-8-sig")

    assert folder.run(*folder.levy(levy)) == 0, folder.said()

    report = folder.report()
    assert (report["held_back"], report["posted"]) == (1, 5)
    assert [(error["row"], error["column"]) for error in report["row_errors"]] == [(2, "Flaeche_m2")]


def test_a_fresh_folder_on_the_same_provider_account_posts_nothing_again(tmp_path: Path) -> None:
    levy = levy_file(tmp_path / "levy.csv", notices=3)
    credentials = tmp_path / "credentials.json"
    credentials.write_text(json.dumps(LOGIN), "utf-8")
    first, fresh = Folder(tmp_path / "first"), Folder(tmp_path / "fresh")
    with Provider(tmp_path / "post", "--speed", "20", "--stage-seconds", "20,40,100") as provider:
        account = {
            "MAILGATEWAY_EPOST_URL": provider.url,
            "MAILGATEWAY_EPOST_CREDENTIALS_FILE": str(credentials),
            "MAILGATEWAY_EPOST_TEST_MODE": "false",
            "MAILGATEWAY_TIME_FACTOR": "20",
        }
        assert first.run(*first.levy(levy), environment=account) == 0, first.said()

        status = fresh.run(*fresh.levy(levy), environment=account)

        assert status != 0
        assert "schon am" in fresh.said()
        assert provider.summary()["received"] == 3


def test_the_levy_runs_on_postgresql_just_as_well(tmp_path: Path, postgres: Postgres) -> None:
    folder = Folder(tmp_path / "hall")
    levy = levy_file(tmp_path / "levy.csv", notices=6)
    databases = {f"{name.upper()}_DATABASE_URL": postgres.new_database() for name in SERVICES}

    assert folder.run(*folder.levy(levy), environment=databases) == 0, folder.said()

    assert_posted_once(folder, levy, notices=6)
    assert not list((folder.path / "db").glob("*.sqlite"))
