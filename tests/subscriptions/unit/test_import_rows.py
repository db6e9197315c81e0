"""Reading lists: every line once, nothing but lists, and days as people write them."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subscriptions.domain.import_rows import ImportRow, RefusedRow, UnreadableError, read_rows

NOW = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
HEADER = ["email", "topics", "consented_at", "proof", "language"]
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=30)


def rows(content: bytes) -> list[ImportRow | RefusedRow]:
    return [*read_rows(content, now=NOW)]


def written(lines: list[list[str]], *, delimiter: str = ";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *lines])
    return out.getvalue().encode()


@given(st.lists(st.lists(CELL, min_size=1, max_size=7), max_size=20), st.sampled_from(";,"))
def test_every_line_with_content_gives_one_row_whatever_it_says(lines: list[list[str]], delimiter: str) -> None:
    found = rows(written(lines, delimiter=delimiter))

    assert len(found) == sum(any(cell.strip() for cell in line) for line in lines)
    assert all(isinstance(each, ImportRow) or each.reason for each in found)


@given(st.binary(max_size=300))
def test_whatever_comes_is_a_list_or_unreadable(content: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        assert all(each.line > 1 for each in rows(content))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-05-01T10:00:00+02:00", "2024-05-01T08:00:00+00:00"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00+00:00"),
        ("2024-05-01T10:00", "2024-05-01T08:00:00+00:00"),
        ("2024-05-01", "2024-04-30T22:00:00+00:00"),
        ("1.5.2024", "2024-04-30T22:00:00+00:00"),
        ("01.12.2024", "2024-11-30T23:00:00+00:00"),
    ],
)
def test_days_and_instants_are_read_as_people_write_them(text: str, instant: str) -> None:
    (row,) = rows(written([["eva@example.com", "place.grieben", text, "Karteikarte", ""]]))

    assert isinstance(row, ImportRow)
    assert (row.consented_at.isoformat(), row.language) == (instant, "de")


@pytest.mark.parametrize("text", ["", "gestern", "31.2.2024", "2024-13-01", "0001-01-01", "2026-07-05"])
def test_a_day_that_is_none_or_not_yet_is_refused(text: str) -> None:
    (row,) = rows(written([["eva@example.com", "place.grieben", text, "Karteikarte", ""]]))

    assert isinstance(row, RefusedRow)
    assert "Zeitpunkt" in row.reason


def test_columns_may_stand_in_any_order_with_others_between() -> None:
    content = (
        b"\xef\xbb\xbfName,Language,proof,EMAIL,topics,consented_at\nEva,en,Karte,eva@example.com,a|b c,1.5.2024\n"
    )

    (row,) = rows(content)

    assert isinstance(row, ImportRow)
    assert (row.line, row.email, row.topics, row.proof, row.language) == (
        2,
        "eva@example.com",
        ("a", "b", "c"),
        "Karte",
        "en",
    )


@pytest.mark.parametrize(
    "content", [b"", b"email;topics", b"\xff\xfe", b"email;email;topics;consented_at;proof;language"]
)
def test_what_is_no_such_list_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        rows(content)
