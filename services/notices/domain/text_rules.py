"""What text a field may carry: hygiene before meaning.

Blanks and composed letters are put right silently; whatever could deceive a reader or act in another program is
an error.
"""

from __future__ import annotations

import re
import unicodedata

from services.notices.domain.problems import Problem, quoted

# Letters as they look when UTF-8 was read as Windows-1252 and saved again, such as "Ã¼" for "ü".
_MOJIBAKE = "[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[ÄÅ][\u0080-\u00a9\u00ab-\u00b9‚„…†‡ˆ‰‹‘’“”•–—˜™›]|â€|ï»¿"
_WRONG_ENCODING = re.compile(_MOJIBAKE + "|\ufffd")
_STACKED_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2}")
_UNTIDY = re.compile(f"  |;[ ]|[ ];|^[ ]|[ ]$|[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufffd]|{_MOJIBAKE}")
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ZERO_WIDTH = frozenset("\u00ad\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff")
_FORMAT_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_tidy(values: tuple[str, ...]) -> bool:
    """Tell quickly whether a whole row needs no cleaning and no closer look; this is most rows."""
    line = ";".join(values)
    return line.isprintable() and not _UNTIDY.search(line) and unicodedata.is_normalized("NFC", line)


def cleaned(value: str) -> str:
    """Compose letters (NFC), drop blanks at the ends, and make runs of blanks one."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", value)).strip(" ")


def hygiene_problem(column: str, value: str) -> Problem | None:
    """Find characters that no name, street or number carries."""
    for char in value:
        if unicodedata.category(char) in _FORMAT_CATEGORIES:
            return _unprintable(column, value, char)
    if _WRONG_ENCODING.search(value):
        return Problem(
            column,
            "wrong_encoding",
            f"{quoted(value)} zeigt eine falsche Zeichenkodierung. "
            "Bitte die Datei neu als „CSV UTF-8“ speichern oder die Buchstaben berichtigen.",
        )
    if _STACKED_MARKS.search(value):
        return Problem(
            column,
            "stacked_marks",
            f"{quoted(value)} enthält übereinander gesetzte Zeichen. Bitte das Feld neu eintippen.",
        )
    return None


def formula_problem(column: str, value: str) -> Problem | None:
    """Find text that a spreadsheet would run as a formula."""
    if not value.startswith(_FORMULA_STARTS):
        return None
    return Problem(
        column,
        "formula",
        f"{quoted(value)} beginnt mit „{value[0]}“ und würde in einer Tabelle als Formel ausgeführt. "
        "Bitte das Zeichen am Anfang entfernen.",
    )


def _unprintable(column: str, value: str, char: str) -> Problem:
    name = f"U+{ord(char):04X}"
    if char in _BIDIRECTIONAL:
        code, what = "bidirectional_control", f"ein unsichtbares Zeichen, das die Schreibrichtung umkehrt ({name})"
    elif char in _ZERO_WIDTH:
        code, what = "invisible_character", f"ein unsichtbares Zeichen ({name})"
    elif unicodedata.category(char) in {"Co", "Cn", "Cs"}:
        code, what = "unassigned_character", f"ein Zeichen ohne festgelegte Bedeutung ({name})"
    else:
        code, what = "control_character", f"ein Steuerzeichen ({name})"
    return Problem(column, code, f"{quoted(value)} enthält {what}. Bitte das Feld neu eintippen.")
