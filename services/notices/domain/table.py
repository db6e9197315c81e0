"""Text of a levy file to numbered rows in the order of COLUMNS, whatever order the file has.

Every line stands by itself: a quotation mark that is never closed costs its own line, never the lines after it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.notices.domain.decoding import LevyFileError

COLUMNS = (
    "Kassenzeichen",
    "Anrede",
    "Name1",
    "Name2",
    "Zusatz",
    "Strasse",
    "PLZ",
    "Ort",
    "Land",
    "Rolle",
    "Schuldner",
    "Flurstueckskennzeichen",
    "Gemarkung",
    "Flur",
    "Flurstueck",
    "Flaeche_m2",
    "Flaeche_ohne_GrStA_m2",
    "Unterhaltungsverband",
    "Befreiung",
)
MAX_ROWS = 200_000
MAX_LINE = 8_000

_LINE_END = re.compile(r"\r\n|\n|\r")
_ORDER = "Die Spalten müssen heißen: " + ";".join(COLUMNS) + "."


@dataclass(frozen=True, slots=True)
class Row:
    """One row; values are in the order of COLUMNS, or None when the line cannot be split into them.

    The reference is what stands in the column Kassenzeichen as far as that can be told.
    """

    number: int
    reference: str
    values: tuple[str, ...] | None
    code: str = ""
    message: str = ""


def read_table(text: str) -> Iterator[Row]:
    """Yield the rows of a levy file; LevyFileError at once when it is none, before any row is read."""
    text = text.rstrip("\r\n")
    # Counted first: a file of nothing but line ends would become a list of gigabytes.
    _refuse_too_many(max(text.count("\n"), text.count("\r")))
    lines = _LINE_END.split(text)
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    order = _order_of_columns(_header(lines[0]))
    if len(lines) == 1:
        message = "Die Datei enthält nur die Kopfzeile. Bitte die Umlagedatei mit ihren Zeilen neu ausgeben."
        raise LevyFileError(message)
    _refuse_too_many(len(lines) - 1)
    return _rows(lines, order)


def _refuse_too_many(rows: int) -> None:
    if rows > MAX_ROWS:
        message = f"Die Datei hat mehr als {MAX_ROWS:,} Zeilen. ".replace(",", ".")
        raise LevyFileError(
            f"{message}Bitte die Datei aufteilen; ein Kassenzeichen darf dabei nur in einer Datei stehen."
        )


def _rows(lines: list[str], order: tuple[int, ...]) -> Iterator[Row]:
    for number in range(2, len(lines) + 1):
        line = lines[number - 1]
        fields = _split(line)
        if fields is not None and len(fields) == len(COLUMNS):
            values = tuple([fields[at] for at in order])
            yield Row(number, values[0].strip(), values)
        elif line and not line.isspace():
            yield _unreadable(number, line, fields, order[0])


def _split(line: str) -> list[str] | None:
    """Split a line at its semicolons; None when its quotation marks do not match or it is far too long."""
    if len(line) > MAX_LINE:
        return None
    if '"' not in line:
        return line.split(";")
    try:
        return next(csv.reader([line], delimiter=";", strict=True))
    except csv.Error:
        return None


def _unreadable(number: int, line: str, fields: list[str] | None, reference_at: int) -> Row:
    if fields is None:
        known = line[:MAX_LINE].split(";")
        code, message = _why_not_split(line)
    else:
        known = fields
        code = "column_count"
        message = (
            f"Die Zeile hat {len(fields)} statt {len(COLUMNS)} Spalten. Bitte fehlende Semikolons ergänzen; "
            "ein Semikolon innerhalb eines Feldes bitte durch ein Komma ersetzen."
        )
    reference = known[reference_at].strip().strip('"') if reference_at < len(known) else ""
    return Row(number, reference, None, code, message)


def _why_not_split(line: str) -> tuple[str, str]:
    if len(line) > MAX_LINE:
        message = (
            f"Die Zeile ist mit {len(line)} Zeichen zu lang (höchstens {MAX_LINE}). "
            "Bitte prüfen, ob Zeilenumbrüche fehlen, und die Zeile neu ausgeben."
        )
        return "row_too_long", message
    message = (
        "Ein Anführungszeichen in dieser Zeile wird nicht geschlossen, oder ein Feld enthält einen "
        "Zeilenumbruch. Bitte das Anführungszeichen oder den Umbruch entfernen."
    )
    return "unbalanced_quote", message


def _header(line: str) -> list[str]:
    names = [name.strip() for name in _split(line) or [line[:MAX_LINE]]]
    if not set(COLUMNS) & set(names):
        for mark, word in ((",", "Kommas"), ("\t", "Tabulatoren"), ("|", "senkrechten Strichen")):
            if set(COLUMNS) & {name.strip(' "') for name in line[:MAX_LINE].split(mark)}:
                message = f"Die Spalten sind mit {word} getrennt. Bitte mit Semikolon (;) getrennt speichern."
                raise LevyFileError(message)
        message = f"Die erste Zeile ist nicht die Kopfzeile einer Umlagedatei. {_ORDER}"
        raise LevyFileError(message)
    return names


def _order_of_columns(names: list[str]) -> tuple[int, ...]:
    missing = [name for name in COLUMNS if name not in names]
    double = sorted({name for name in names if names.count(name) > 1})
    unknown = [name for name in names if name not in COLUMNS]
    faults = [
        f"{what}: {', '.join(_shown(name) for name in found[:20])}"
        for what, found in (("es fehlen", missing), ("doppelt", double), ("unbekannt", unknown))
        if found
    ]
    if faults:
        message = f"Die Spalten der Kopfzeile stimmen nicht ({'; '.join(faults)}). {_ORDER}"
        raise LevyFileError(message)
    return tuple(names.index(name) for name in COLUMNS)


def _shown(name: str) -> str:
    short = name[:40].encode("unicode_escape").decode() if not name.isprintable() else name[:40]
    return short or "(ohne Überschrift)"
