"""The left half of a row: who receives the notice (Bekanntgabeadressat) and who owes (Inhaltsadressaten)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from services.notices.domain.countries import COUNTRIES, HOME_NAMES
from services.notices.domain.model import Addressee
from services.notices.domain.problems import Problem, quoted
from services.notices.domain.table import COLUMNS
from services.notices.domain.text_rules import formula_problem

SALUTATIONS = ("Herr", "Frau", "Eheleute", "Firma", "")
ROLES = ("Eigentümer", "Erbbauberechtigter")
USER = "Nutzer"
MAX_LINE = 80
MAX_DEBTORS = 100
MAX_DEBTORS_LENGTH = 4_000
PARTY_COLUMNS = COLUMNS[1:11]
ADDRESS_COLUMNS = COLUMNS[1:9]

_GERMAN_POSTCODE = re.compile(r"[0-9]{5}")
_FOREIGN_POSTCODE = re.compile(r"[0-9A-Z][0-9A-Z -]{0,11}", re.IGNORECASE)
_FIRST_POSTCODE, _LAST_POSTCODE = "01001", "99998"


class _Party(NamedTuple):
    """The party columns of a row, in the order of the file."""

    salutation: str
    name1: str
    name2: str
    addition: str
    street: str
    postcode: str
    city: str
    country: str
    role: str
    debtors: str


@dataclass(frozen=True, slots=True)
class Party:
    """Addressee, role and debtors of one row with everything wrong about them."""

    values: tuple[str, ...]
    addressee: Addressee
    role: str
    debtors: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_party(values: tuple[str, ...]) -> Party:
    """Read the values of PARTY_COLUMNS."""
    row = _Party(*values)
    debtors = tuple(name.strip() for name in row.debtors.split("|")) if row.debtors else ()
    problems: dict[str, Problem] = {}
    for problem in (
        *_text_problems(values),
        *_name_problems(row),
        _country_problem(row.country),
        _postcode_problem(row),
        _last_line_problem(row),
        _role_problem(row.role),
        _debtors_problem(row.debtors, debtors),
    ):
        if problem is not None:
            problems.setdefault(problem.column, problem)
    return Party(values, Addressee(*values[:8]), row.role, debtors, tuple(problems.values()))


def _text_problems(values: tuple[str, ...]) -> list[Problem]:
    problems: list[Problem] = []
    for column, value in zip(PARTY_COLUMNS, values, strict=True):
        if problem := formula_problem(column, value):
            problems.append(problem)
        elif column != "Schuldner" and len(value) > MAX_LINE:
            problems.append(_too_long(column, value, MAX_LINE))
    return problems


def _too_long(column: str, value: str, limit: int) -> Problem:
    return Problem(
        column,
        "too_long",
        f"Das Feld {column} ist mit {len(value)} Zeichen zu lang für eine Zeile des Briefes: {quoted(value)}. "
        f"Bitte auf höchstens {limit} Zeichen kürzen.",
    )


def _name_problems(row: _Party) -> list[Problem]:
    problems: list[Problem] = []
    if row.salutation not in SALUTATIONS:
        problems.append(
            Problem(
                "Anrede",
                "salutation",
                f"Die Anrede {quoted(row.salutation)} ist nicht vorgesehen. "
                "Bitte Herr, Frau, Eheleute oder Firma eintragen oder das Feld leer lassen.",
            )
        )
    for column, value, what in (
        ("Name1", row.name1, "Der Name des Empfängers (Name1) fehlt. Bitte den Namen eintragen."),
        ("Strasse", row.street, "Die Straße fehlt. Bitte Straße und Hausnummer oder ein Postfach eintragen."),
        ("Ort", row.city, "Der Ort fehlt. Bitte den Ort eintragen."),
    ):
        if not any(char.isalnum() for char in value):
            problems.append(Problem(column, "missing", what))
    return problems


def _country_problem(country: str) -> Problem | None:
    if not country or country in COUNTRIES:
        return None
    if country.upper() in HOME_NAMES:
        todo = "Bitte das Feld Land bei Anschriften in Deutschland leer lassen."
        return Problem("Land", "home_country", f"Das Land {quoted(country)} ist das Inland. {todo}")
    if country.upper() in COUNTRIES:
        todo = f"Bitte in Großbuchstaben schreiben: {country.upper()}."
        return Problem("Land", "country", f"Das Land {quoted(country)} ist nicht in Großbuchstaben. {todo}")
    return Problem(
        "Land",
        "country",
        f"Das Land {quoted(country)} ist nicht bekannt. Bitte den deutschen Namen des Landes "
        "in Großbuchstaben eintragen, zum Beispiel NIEDERLANDE.",
    )


def _postcode_problem(row: _Party) -> Problem | None:
    postcode = row.postcode
    if row.country and row.country.upper() not in HOME_NAMES:
        if not postcode or _FOREIGN_POSTCODE.fullmatch(postcode):
            return None
        message = "ist so nicht üblich. Bitte höchstens zwölf Buchstaben und Ziffern eintragen."
        return Problem("PLZ", "postcode", f"Die Postleitzahl {quoted(postcode)} {message}")
    if not postcode:
        message = "Die Postleitzahl fehlt. Bitte fünf Ziffern eintragen; bei Anschriften im Ausland auch das Land."
        return Problem("PLZ", "missing", message)
    if not _GERMAN_POSTCODE.fullmatch(postcode):
        return Problem(
            "PLZ",
            "postcode",
            f"Die Postleitzahl {quoted(postcode)} hat nicht fünf Ziffern. Bitte prüfen, ob eine führende Null "
            "verloren ging; bei Anschriften im Ausland bitte das Land eintragen.",
        )
    if not _FIRST_POSTCODE <= postcode <= _LAST_POSTCODE:
        return Problem(
            "PLZ",
            "postcode",
            f"Die Postleitzahl {quoted(postcode)} gibt es in Deutschland nicht "
            f"({_FIRST_POSTCODE} bis {_LAST_POSTCODE}). Bitte berichtigen.",
        )
    return None


def _last_line_problem(row: _Party) -> Problem | None:
    line = f"{row.postcode} {row.city}"
    return _too_long("Ort", line, MAX_LINE) if len(line) > MAX_LINE else None


def _role_problem(role: str) -> Problem | None:
    if role in ROLES:
        return None
    if role == USER:
        return Problem(
            "Rolle",
            "user_needs_reason",
            "Nutzer werden nur ersatzweise herangezogen, wenn Eigentümer und Erbbauberechtigter nicht zu ermitteln "
            "sind (§ 56 Abs. 1 WG LSA); die Datei nennt den Grund nicht. Bitte den Eigentümer ermitteln oder diesen "
            "Fall von Hand bescheiden.",
        )
    return Problem(
        "Rolle",
        "role",
        f"Die Rolle {quoted(role)} ist nicht vorgesehen. Bitte Eigentümer oder Erbbauberechtigter eintragen.",
    )


def _debtors_problem(text: str, debtors: tuple[str, ...]) -> Problem | None:
    if not text:
        return Problem(
            "Schuldner",
            "missing",
            "Es ist kein Schuldner genannt; ein Bescheid ohne Schuldner ist nichtig. "
            "Bitte alle Schuldner mit Namen eintragen, getrennt durch „ | “.",
        )
    if not all(any(char.isalnum() for char in name) for name in debtors):
        message = "Zwischen den Strichen „|“ fehlt ein Name. Bitte ergänzen oder den Strich entfernen."
        return Problem("Schuldner", "empty_debtor", f"Ein Schuldner ist ohne Namen: {quoted(text)}. {message}")
    if len(debtors) > MAX_DEBTORS or len(text) > MAX_DEBTORS_LENGTH:
        message = f"{len(debtors)} Schuldner sind zu viele für einen Bescheid (höchstens {MAX_DEBTORS}). "
        return Problem("Schuldner", "too_long", message + "Bitte diesen Fall von Hand bescheiden.")
    for name in debtors:
        if len(name) > MAX_LINE:
            return _too_long("Schuldner", name, MAX_LINE)
        if problem := formula_problem("Schuldner", name):
            return problem
    return None
