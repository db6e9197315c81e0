"""Tables that people hand in (CSV): header, separator, encoding. Every row is accounted for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_NOT_UTF8 = (
    "Die Datei ist nicht in UTF-8 geschrieben (vermutlich Windows-1252); übernommen ist nichts. "
    "In Excel: Datei, Speichern unter, Dateityp „CSV UTF-8 (durch Trennzeichen getrennt) (*.csv)“."
)


class UnreadableError(Exception):
    """The file as a whole is not such a file; says why and what to do, in German."""


class RowError(Exception):
    """One row cannot be taken over; says why, in German, and never names a person."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken over, and why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row, by column; missing optional columns are empty."""

    row: int
    """The line of the file in which it begins."""
    fields: Mapping[str, str]


def text_of(content: bytes) -> str:
    """Read UTF-8 with or without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(_NOT_UTF8) from None


def read_table(content: bytes, *, needed: Sequence[str], optional: Sequence[str]) -> Iterator[Line | Refused]:
    """Read the rows of a table parted by `;` or `,`. UnreadableError when it is none."""
    text = text_of(content)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        header = [name.strip().lower() for name in next(reader, ())]
        _check(header, needed, optional)
        begins = reader.line_num + 1
        for values in reader:
            if any(value.strip() for value in values):
                yield _line(begins, header, values, optional)
            begins = reader.line_num + 1
    except csv.Error:
        raise UnreadableError(f"Die Datei ist ab Zeile {reader.line_num} nicht als CSV lesbar.") from None


def _check(header: Sequence[str], needed: Sequence[str], optional: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        raise UnreadableError(f"In der ersten Zeile fehlen Spalten: {', '.join(missing)}.")
    if len(set(header)) != len(header):
        raise UnreadableError("In der ersten Zeile steht eine Spalte doppelt.")
    strange = [number for number, name in enumerate(header, 1) if name not in {*needed, *optional}]
    if strange:
        known = ", ".join([*needed, *optional])
        raise UnreadableError(f"Spalte {strange[0]} hat einen unbekannten Namen. Es gibt: {known}.")


def _line(row: int, header: Sequence[str], values: Sequence[str], optional: Sequence[str]) -> Line | Refused:
    if len(values) != len(header):
        return Refused(row, f"Die Zeile hat {len(values)} statt {len(header)} Spalten.")
    given = {name: value.strip() for name, value in zip(header, values, strict=True)}
    return Line(row, dict.fromkeys(optional, "") | given)
