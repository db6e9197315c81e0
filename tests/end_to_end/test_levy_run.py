"""One command from the levy file to the posted letter, on the real bus with real processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.town_hall import DEMO, STATUTE, Folder, assert_posted_once, levy_file


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


def test_a_file_that_is_no_levy_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")

    status = folder.run("levy", "run", DEMO / "README.md", "--statute", STATUTE, "--data", folder.path)

    assert status != 0
    assert "Umlagedatei" in folder.said()
    assert "Traceback" not in folder.said()


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
