"""The document store on files: same content, same place; nothing guessable; outages told from absence."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.documents import Documents
from chassis.errors import DependencyDown


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(f"file://{tmp_path}/documents", key="secret of the owner")


def test_the_same_content_has_the_same_reference(documents: Documents) -> None:
    first = documents.reference("run-1", "notice", "2026", suffix=".pdf")

    assert first == documents.reference("run-1", "notice", "2026", suffix=".pdf")
    assert first != documents.reference("run-1", "notice", "2025", suffix=".pdf")
    assert first.startswith("run-1/")


def test_nobody_without_the_secret_can_guess_a_reference(documents: Documents, tmp_path: Path) -> None:
    stranger = Documents(f"file://{tmp_path}/documents", key="guess")

    assert stranger.reference("run-1", "x", suffix="") != documents.reference("run-1", "x", suffix="")


async def test_what_was_put_can_be_read_replaced_and_deleted(documents: Documents) -> None:
    reference = documents.reference("run-1", "notice", suffix=".pdf")

    await documents.put(reference, b"first")
    await documents.put(reference, b"second")
    read = await documents.get(reference)
    await documents.delete([reference, reference])

    assert read == b"second"
    with pytest.raises(FileNotFoundError):
        await documents.get(reference)


async def test_a_store_that_is_away_is_a_dependency_that_is_down(documents: Documents, tmp_path: Path) -> None:
    (tmp_path / "documents" / "run-1").write_text("a file where a folder should be")

    with pytest.raises(DependencyDown):
        await documents.put("run-1/a.pdf", b"")


async def test_a_half_written_document_is_never_read(documents: Documents, tmp_path: Path) -> None:
    await documents.put("run-1/a.pdf", b"whole")

    assert [path.name for path in (tmp_path / "documents" / "run-1").iterdir()] == ["a.pdf"]
