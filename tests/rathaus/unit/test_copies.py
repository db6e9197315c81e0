from __future__ import annotations

from pathlib import Path
from uuid import UUID

from rathaus.levy.copies import Copies
from rathaus.levy.models import Document
from tests.rathaus.unit.levies import a_notice, a_run


def test_the_list_of_letters_needs_no_script_and_links_only_what_is_there(tmp_path: Path) -> None:
    index = Copies(tmp_path).write_index(a_run(), [a_notice(1), a_notice(2, state="render_failed")])

    page = index.read_text("utf-8")
    assert "<script" not in page
    assert "Umlage &lt;der&gt; Verbände 2026" in page
    assert "1.234,50 EUR" in page
    assert 'href="5520.260001.11.pdf"' in page
    assert 'href="5520.260002.11.pdf"' not in page


def test_a_reference_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    assert Copies(tmp_path).path("../../etc/passwd").parent == tmp_path


def test_a_copy_of_another_run_or_year_is_not_taken_for_this_one(tmp_path: Path) -> None:
    folder = Copies(tmp_path)
    folder.path("5520.1").write_bytes(b"%PDF of an earlier run")
    (tmp_path / ".copies").write_text(f"5520.1\t{'a' * 64}\n5520.2\tcut sho", "utf-8")
    copies = Copies(tmp_path)

    assert copies.has(a_document("5520.1", "a" * 64))
    assert not copies.has(a_document("5520.1", "b" * 64))
    assert not copies.has(a_document("5520.1", None))
    assert not copies.has(a_document("5520.2", "cut sho"))


def a_document(reference: str, sha256: str | None) -> Document:
    return Document(notice_id=UUID(int=1), reference=reference, sha256=sha256)
