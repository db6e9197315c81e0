"""A list of subscribers from an earlier system, with proof of each consent; every line is accounted for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import cast, get_args
from zoneinfo import ZoneInfo

from services.subscriptions.domain.announcing import Language

COLUMNS = ("email", "topics", "consented_at", "proof", "language")
_LOCAL = ZoneInfo("Europe/Berlin")
_BETWEEN = re.compile(r"[\s,|]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_LONGEST_PROOF = 500


class UnreadableError(Exception):
    """The file as a whole is not such a list; says why, in German."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One line that may be taken over."""

    line: int
    email: str
    topics: tuple[str, ...]
    consented_at: datetime
    proof: str
    language: Language


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One line that is not, and why, in German. Never quotes the address."""

    line: int
    reason: str


def read_rows(content: bytes, *, now: datetime) -> Iterator[ImportRow | RefusedRow]:
    """Read CSV in UTF-8, parted by `;` or `,`, with a header. UnreadableError when it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("Die Datei ist nicht in UTF-8 geschrieben.") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        header = [name.strip().lower() for line in islice(reader, 1) for name in line]
        _check(header)
        for values in reader:
            if any(value.strip() for value in values):
                yield _row(reader.line_num, header, values, now=now)
    except csv.Error:
        raise UnreadableError(f"Die Datei ist ab Zeile {reader.line_num} nicht als CSV lesbar.") from None


def _check(header: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise UnreadableError(f"In der ersten Zeile fehlen Spalten: {', '.join(missing)}.")
    if len(set(header)) != len(header):
        raise UnreadableError("In der ersten Zeile steht eine Spalte doppelt.")


def _row(line: int, header: list[str], values: list[str], *, now: datetime) -> ImportRow | RefusedRow:
    if len(values) != len(header):
        return RefusedRow(line, f"Die Zeile hat {len(values)} statt {len(header)} Spalten.")
    fields = {name: value.strip() for name, value in zip(header, values, strict=True)}
    at = _instant(fields["consented_at"])
    language = fields["language"].lower() or "de"
    reason = _objection(fields, language, at, now=now)
    if reason is not None or at is None:
        return RefusedRow(line, reason or "")
    topics = tuple(dict.fromkeys(_BETWEEN.split(fields["topics"])))
    return ImportRow(line, fields["email"], topics, at, fields["proof"], cast("Language", language))


def _objection(fields: dict[str, str], language: str, at: datetime | None, *, now: datetime) -> str | None:
    if not fields["topics"]:
        return "Es ist kein Thema angegeben."
    lacking = _lacking_in(fields["proof"])
    if lacking is not None:
        return lacking
    if language not in get_args(Language):
        return "Die Sprache ist keine von: de, en, plain."
    if at is None:
        return "Der Zeitpunkt der Einwilligung fehlt oder ist kein Datum."
    return "Der Zeitpunkt der Einwilligung liegt in der Zukunft." if at > now else None


def _lacking_in(proof: str) -> str | None:
    if not proof:
        return "Der Nachweis der Einwilligung fehlt."
    if "@" in proof:
        return "Der Nachweis darf keine E-Mail-Adresse nennen: Er bleibt, wenn die Adresse gelöscht wird."
    if len(proof) > _LONGEST_PROOF or _CONTROL.search(proof):
        return f"Der Nachweis darf höchstens {_LONGEST_PROOF} Zeichen haben und keine Steuerzeichen."
    return None


def _instant(text: str) -> datetime | None:
    """Read an instant or a day (its beginning in Germany: a withdrawal on the same day counts as later)."""
    german = _GERMAN_DAY.fullmatch(text)
    try:
        if german is not None:
            found = datetime(int(german[3]), int(german[2]), int(german[1]), tzinfo=_LOCAL)
        else:
            found = datetime.fromisoformat(text)
        return (found.replace(tzinfo=_LOCAL) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
