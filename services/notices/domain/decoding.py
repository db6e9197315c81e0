"""Bytes of a levy file to text: what it may be written in, and what is refused as a whole."""

from __future__ import annotations

import codecs

MAX_BYTES = 64 * 1024 * 1024
"""Room for the 200,000 rows that are read at most; a town has some ten thousand parcels."""

_HINT = "Bitte in Excel „Speichern unter“ und dort „CSV UTF-8 (durch Trennzeichen getrennt)“ wählen."
_NOT_TEXT = (
    (b"PK\x03\x04", "eine Excel-Arbeitsmappe oder ein ZIP-Archiv"),
    (b"PK\x05\x06", "ein leeres ZIP-Archiv"),
    (b"\xd0\xcf\x11\xe0", "eine Arbeitsmappe im alten Excel-Format"),
    (b"%PDF", "ein PDF-Dokument"),
    (b"\x1f\x8b", "ein gzip-Archiv"),
    (b"7z\xbc\xaf", "ein 7-Zip-Archiv"),
    (b"{\\rtf", "ein RTF-Dokument"),
    (b"<?xml", "ein XML-Dokument"),
    (b"<!DOCTYPE", "eine Webseite"),
    (b"<html", "eine Webseite"),
)
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class LevyFileError(Exception):
    """The file is no levy file at all; the sentence says in German why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 with its mark, or Windows-1252.

    Bytes without a meaning become U+FFFD, so that only their rows are refused.
    """
    _refuse_what_is_no_text(data)
    wide = data.startswith(_UTF16_MARKS)
    text = data.decode("utf-16", errors="replace") if wide else _decode_bytes(data)
    if "\x00" in text:
        message = f"Die Datei enthält Null-Bytes und ist deshalb keine CSV-Datei in UTF-8. {_HINT}"
        raise LevyFileError(message)
    return text


def _refuse_what_is_no_text(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        message = (
            f"Die Datei ist mit {len(data) // 1024**2} MB zu groß (höchstens {MAX_BYTES // 1024**2} MB). "
            "Bitte die Datei aufteilen; ein Kassenzeichen darf dabei nur in einer Datei stehen."
        )
        raise LevyFileError(message)
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        message = "Die Datei ist leer. Bitte die Umlagedatei neu aus dem Fachverfahren ausgeben."
        raise LevyFileError(message)
    for mark, what in _NOT_TEXT:
        if data[:16].lstrip().startswith(mark):
            message = f"Die Datei ist {what} und keine CSV-Datei. {_HINT}"
            raise LevyFileError(message)


def _decode_bytes(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-8-sig", errors="replace")
    # One damaged byte must not turn a whole UTF-8 file into Windows-1252: the readable letters outvote it.
    damaged = text.count("\ufffd")
    letters = len(text) - len(text.encode("ascii", errors="ignore")) - damaged
    if letters > damaged or data.startswith(codecs.BOM_UTF8):
        return text
    return data.decode("cp1252", errors="replace")
