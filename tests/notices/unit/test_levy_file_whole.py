"""Files as a whole: encodings and line ends that are read, and what is refused in one clear sentence."""

from __future__ import annotations

import pytest

from services.notices.domain import decoding
from services.notices.domain.levy_file import LevyFileError
from services.notices.domain.table import COLUMNS, MAX_ROWS
from tests.notices.unit.levy_rows import HEADER, a_file, a_row, found, read, reference

GOOD = a_file(a_row(1, 1), a_row(2, 2)).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_usual_encodings_are_read_alike(encoding: str) -> None:
    levy = read(GOOD.encode(encoding))

    assert levy.errors == ()
    assert levy.accounts == read(GOOD.encode()).accounts


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_any_line_end_is_read(end: str) -> None:
    levy = read(GOOD.replace("\r\n", end).encode())

    assert len(levy.accounts) == 2


def test_mixed_line_ends_are_read() -> None:
    levy = read(f"{HEADER}\r{a_row(1, 1)}\n{a_row(2, 2)}\r\n{a_row(3, 3)}".encode())

    assert len(levy.accounts) == 3


def test_columns_may_stand_in_any_order() -> None:
    lines = [";".join(reversed(line.split(";"))) for line in GOOD.split("\r\n")]

    levy = read("\r\n".join(lines).encode())

    assert levy.accounts == read(GOOD.encode()).accounts


def test_a_quoted_file_with_blanks_around_the_header_is_read() -> None:
    lines = [";".join(f'"{value}"' for value in line.split(";")) for line in GOOD.split("\r\n") if line]

    levy = read("\r\n".join(lines).replace("Anrede", " Anrede ").encode())

    assert levy.accounts == read(GOOD.encode()).accounts


def test_one_damaged_byte_costs_one_debtor_not_the_whole_file() -> None:
    data = a_file(a_row(1, 1), a_row(2, 2), a_row(3, 3)).replace("Änne".encode(), b"\xffnne", 1)

    levy = read(data)

    assert found(levy) == [(2, "Name1", "wrong_encoding")]
    assert [account.reference for account in levy.accounts] == [reference(2), reference(3)]


@pytest.mark.parametrize("byte", [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"])
def test_bytes_without_meaning_in_windows_1252_are_row_errors(byte: bytes) -> None:
    data = a_file(a_row(1, 1), a_row(2, 2)).decode().encode("cp1252").replace("Ä".encode("cp1252"), byte, 1)

    levy = read(data)

    assert found(levy) == [(2, "Name1", "wrong_encoding")]
    assert len(levy.accounts) == 1


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "leer"),
        (b"\xef\xbb\xbf \r\n\r\n", "leer"),
        (b"PK\x03\x04 and so on", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<!DOCTYPE html>", "Webseite"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Null-Bytes"),
        (GOOD.encode("utf-16-le"), "Null-Bytes"),
        (GOOD.encode("utf-32"), "Null-Bytes"),
        (HEADER.encode(), "nur die Kopfzeile"),
        (f"{HEADER}\r\n\r\n".encode(), "nur die Kopfzeile"),
        (GOOD.replace(";", ",").encode(), "Kommas"),
        (GOOD.replace(";", "\t").encode("utf-16"), "Tabulatoren"),
        (b"hallo welt", "Kopfzeile"),
        (a_row(1, 1).encode(), "Kopfzeile"),
        (b'"' + GOOD.encode(), "Kopfzeile"),
        (GOOD.replace("PLZ", "Plz").encode(), "es fehlen: PLZ; unbekannt: Plz"),
        (GOOD.replace("Name2", "Name1", 1).encode(), "doppelt: Name1"),
        (GOOD.replace("Befreiung", "Befreiung;", 1).encode(), "ohne Überschrift"),
        (GOOD.replace("Befreiung", "Befreiung;x\u202ey", 1).encode(), "\\u202e"),
        ((HEADER + "\n" + ";\n" * MAX_ROWS).encode() + b";", "Bitte die Datei aufteilen"),
    ],
)
def test_what_is_no_levy_file_is_refused_in_one_sentence(data: bytes, word: str) -> None:
    with pytest.raises(LevyFileError) as refusal:
        read(data)

    assert word in refusal.value.sentence
    assert refusal.value.sentence.isprintable()


def test_a_file_beyond_the_limit_is_refused_before_it_is_decoded() -> None:
    data = bytes(decoding.MAX_BYTES + 1)

    with pytest.raises(LevyFileError, match="zu groß"):
        read(data)


def test_the_header_names_all_columns_of_the_interface() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS) == 19
