"""One command from the levy file to the posted letter, on the real bus with real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rathaus.embedded.plan import SERVICES
from tests.end_to_end.town_hall import DEMO, STATUTE, Folder, assert_posted_once, levy_file
from tests.simulators.provider import LOGIN, Provider
from tests.support.postgres import Postgres


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Path]:
    """A town hall that has posted a levy of twelve notices."""
    folder = Folder(tmp_path_factory.mktemp("hall"))
    levy = levy_file(folder.path / "levy.csv", notices=12)
    assert folder.run(*folder.levy(levy)) == 0, folder.said()
    return folder, levy


def test_every_letter_is_posted_once_and_the_money_agrees(posted: tuple[Folder, Path]) -> None:
    folder, levy = posted

    assert_posted_once(folder, levy, notices=12)
    assert len(list((folder.path / "letters").glob("*.pdf"))) == 12
    assert (folder.path / "letters" / "index.html").exists()
    assert folder.leftovers() == []


def test_the_same_run_again_posts_nothing_again(posted: tuple[Folder, Path]) -> None:
    folder, levy = posted

    assert folder.run(*folder.levy(levy)) == 0, folder.said()

    assert_posted_once(folder, levy, notices=12)


def test_a_released_run_is_refused_with_its_date(posted: tuple[Folder, Path]) -> None:
    folder, _ = posted
    run_id = folder.report()["run_id"]

    status = folder.run("levy", "release", run_id, "--hash", "0" * 64, "--as", "Erika Muster", "--data", folder.path)

    assert status != 0
    assert "schon am" in folder.said()


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


def test_a_file_that_is_no_levy_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")

    status = folder.run("levy", "run", DEMO / "README.md", "--statute", STATUTE, "--data", folder.path)

    assert status != 0
    assert "Umlagedatei" in folder.said()
    assert "Traceback" not in folder.said()


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


def test_no_personal_data_is_on_the_bus_or_in_the_logs(posted: tuple[Folder, Path]) -> None:
    folder, levy = posted
    rows = [row.split(";") for row in levy.read_text("utf-8-sig").splitlines()[1:]]
    personal = {cell.encode() for row in rows for cell in (row[0], row[2], row[5], row[11]) if len(cell) > 5}

    places = [
        *(folder.path / "logs").iterdir(),
        *(path for path in (folder.path / "nats").rglob("*") if path.is_file()),
    ]
    told = b"".join(path.read_bytes() for path in places)

    assert b"letter_posted" in told
    assert [cell for cell in personal if cell in told] == []


def test_the_levy_runs_on_postgresql_just_as_well(tmp_path: Path, postgres: Postgres) -> None:
    folder = Folder(tmp_path / "hall")
    levy = levy_file(tmp_path / "levy.csv", notices=6)
    databases = {f"{name.upper()}_DATABASE_URL": postgres.new_database() for name in SERVICES}

    assert folder.run(*folder.levy(levy), environment=databases) == 0, folder.said()

    assert_posted_once(folder, levy, notices=6)
    assert not list((folder.path / "db").glob("*.sqlite"))
