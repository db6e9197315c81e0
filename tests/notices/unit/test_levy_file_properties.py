"""Whatever happens to a file, every row is accounted for, and nothing but LevyFileError is raised."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notices.domain.levy_file import LevyFileError, read_levy_file
from services.notices.domain.model import LevyImport
from services.notices.domain.table import COLUMNS
from tests.notices.unit.levy_rows import demo_file, demo_statute, rows_told

LINES = demo_file("umlage-2026.csv").splitlines()[:60]
SAMPLE = b"\r\n".join(LINES)
NASTY = [b'"', b";", b"\r", b"\n", b"\x00", b"\xff", "\u202e".encode(), b"=", b"|", b"5520.", b"9" * 30, b"\x81"]


def assert_every_row_is_told(levy: LevyImport) -> None:
    held = {each.reference for each in levy.held_back}
    good = {account.reference for account in levy.accounts}
    told = rows_told(levy)
    assert len(told) == len(set(told)) == levy.rows
    assert held.isdisjoint(good)
    assert set(levy.unattributed_rows) <= {error.row for error in levy.errors}
    assert all(not {error.row for error in levy.errors}.isdisjoint(each.rows) for each in levy.held_back)


def read_or_refuse(data: bytes) -> None:
    with suppress(LevyFileError):
        assert_every_row_is_told(read_levy_file(data, demo_statute()))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.sampled_from(NASTY), st.integers(0, 40)), max_size=8))
def test_bytes_replaced_anywhere_lose_no_row(changes: list[tuple[int, bytes, int]]) -> None:
    data = SAMPLE
    for at, what, cut in changes:
        data = data[:at] + what + data[at + cut :]

    read_or_refuse(data)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, len(LINES) - 1),
            st.integers(0, len(COLUMNS) - 1),
            st.integers(1, len(LINES) - 1),
            st.integers(0, len(COLUMNS) - 1),
        ),
        max_size=10,
    )
)
def test_fields_swapped_between_rows_lose_no_row(swaps: list[tuple[int, int, int, int]]) -> None:
    table = [line.split(b";") for line in LINES]
    for row, column, other_row, other_column in swaps:
        table[row][column], table[other_row][other_column] = table[other_row][other_column], table[row][column]

    levy = read_levy_file(b"\n".join(b";".join(row) for row in table), demo_statute())

    assert levy.rows == len(LINES) - 1
    assert_every_row_is_told(levy)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, len(LINES) - 1), min_size=1, max_size=80))
def test_rows_repeated_dropped_or_shuffled_lose_no_row(order: list[int]) -> None:
    levy = read_levy_file(b"\n".join([LINES[0], *(LINES[row] for row in order)]), demo_statute())

    assert levy.rows == len(order)
    assert_every_row_is_told(levy)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_in_a_field_is_read_or_named(text: str) -> None:
    row = LINES[1].split(b";")
    row[2] = text.encode(errors="replace")

    read_or_refuse(b"\n".join([LINES[0], b";".join(row), *LINES[3:]]))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)
    read_or_refuse(LINES[0] + b"\n" + data)
