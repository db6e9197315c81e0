"""JSON that two readers could take differently, or that cannot be stored, is refused at its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.strict_json import MAX_PARTS, NotJsonError, plain, read

KNOWN = frozenset({"data", "pool", "id"})
SOUND = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=("C",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=10,
)


def refused(body: bytes) -> NotJsonError:
    with pytest.raises(NotJsonError) as caught:
        plain(read(body), known=KNOWN)
    return caught.value


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[1,]", ""),
        (b"\xff", ""),
        ("{}".encode("utf-16"), ""),
        (b"\xef\xbb\xbf{}", ""),
        (b"[" * 10_000, ""),
        (b"[" * 100 + b"]" * 100, "/0" * 33),
        (b'{"data":NaN}', "/data"),
        (b'{"data":[1,-Infinity]}', "/data/1"),
        (b'{"data":1e400}', "/data"),
        (b'{"data":9007199254740992}', "/data"),
        (b'{"data":' + b"9" * 100_000 + b"}", "/data"),
        (b'{"id":1,"id":1}', "/id"),
        (b'{"data":{"pool":1,"pool":2}}', "/data/pool"),
        (b'{"data":{"pool":"\\u0000"}}', "/data/pool"),
        (b'{"data":{"pool":"\\ud800"}}', "/data/pool"),
        (b'{"data":{"\\u0000":1}}', "/data"),
    ],
)
def test_what_cannot_be_relied_on_is_refused_at_its_place(body: bytes, pointer: str) -> None:
    assert refused(body).pointer == pointer


def test_a_pointer_ends_before_a_name_that_no_schema_has() -> None:
    error = refused(b'{"data":{"Erika Mustermann":{"id":"\\u0000"}}}')

    assert error.pointer == "/data"
    assert "Erika" not in error.message


@pytest.mark.parametrize("many", [b"[]" * MAX_PARTS, b"{" * MAX_PARTS, b"0," * MAX_PARTS, b'"a":1,' * MAX_PARTS])
def test_more_values_than_any_event_needs_cost_no_time(many: bytes) -> None:
    assert "Klammern und Kommas" in refused(b"[" + many + b"0]").message


def test_as_many_values_as_are_allowed_are_read() -> None:
    assert plain(read(b"[" + b"0," * (MAX_PARTS - 1) + b"0]"), known=KNOWN) == [0] * MAX_PARTS


def test_tab_and_line_ends_are_text() -> None:
    assert plain(read(b'{"data":"a\\tb\\r\\n"}'), known=KNOWN) == {"data": "a\tb\r\n"}


def test_one_number_has_one_value() -> None:
    assert [plain(read(text), known=KNOWN) for text in (b"1", b"1.0", b"10e-1", b"-0", b"0.5")] == [1, 1, 1, 0, 0.5]


@given(SOUND)
def test_what_is_sound_comes_out_as_it_went_in(value: object) -> None:
    assert plain(read(json.dumps(value).encode()), known=KNOWN) == value
