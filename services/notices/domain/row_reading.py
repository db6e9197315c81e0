"""One row of the levy file by itself: its values, and everything wrong with it that needs no other row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from services.notices.domain.parcel_rules import PARCEL_COLUMNS, ParcelReading, read_parcel
from services.notices.domain.party_rules import ADDRESS_COLUMNS, PARTY_COLUMNS, Party, read_party
from services.notices.domain.problems import Problem
from services.notices.domain.reference import reference_problem
from services.notices.domain.table import COLUMNS, Row
from services.notices.domain.text_rules import cleaned, hygiene_problem, is_tidy

_FIRST_PARTY = 1
_FIRST_PARCEL = 1 + len(PARTY_COLUMNS)
MAX_PROBLEMS = 6
MAX_LISTED = 100_000
MORE_PROBLEMS = "more_problems"
_HARMLESS = {"missing", "postcode", "country", "home_country", "salutation"}


@dataclass(frozen=True, slots=True)
class RowReading:
    """A row as far as it could be read; `reference` is empty when no account can be told from it."""

    number: int
    reference: str
    stated_reference: str
    party: Party | None
    parcel: ParcelReading | None
    problems: tuple[Problem, ...]

    @property
    def has_readable_addressee(self) -> bool:
        """Whether name and address can be shown, though the letter may not be sent to them."""
        codes = {
            problem.code
            for problem in self.problems
            if problem.column in ADDRESS_COLUMNS or problem.code == MORE_PROBLEMS
        }
        return self.party is not None and bool(self.party.addressee.name1) and codes <= _HARMLESS


class RowReader:
    """Reads the rows of one file; each distinct reference and party is examined only once."""

    def __init__(self, associations: Collection[str]) -> None:
        self._associations = associations
        self._references: dict[str, Problem | None] = {}
        self._parties: dict[tuple[str, ...], Party] = {}
        self._count = 0

    def read(self, row: Row) -> RowReading:
        """Read one row by itself."""
        if row.values is None:
            return _broken(row)
        values, unclean = _hygiene(row.values)
        if not any(values):
            problem = Problem("", "empty_row", "Die Zeile enthält nur Semikolons. Bitte die Zeile löschen.")
            return RowReading(row.number, "", "", None, None, (problem,))
        unread = self._reference_problem(values[0])
        mine = values[_FIRST_PARTY:_FIRST_PARCEL]
        party = read_party(mine) if unclean else self._party(mine)
        parcel = read_parcel(row.number, values[_FIRST_PARCEL:], self._associations)
        found = (*((unread,) if unread else ()), *party.problems, *parcel.problems)
        if unclean:
            found = (*unclean.values(), *(problem for problem in found if problem.column not in unclean))
            party = replace(party, problems=())
            parcel = _without_unclean(parcel, unclean)
        reference = values[0] if unread is None and COLUMNS[0] not in unclean else ""
        return RowReading(row.number, reference, values[0], party, parcel, self._listed(found))

    def _listed(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Keep the first problems of a row: a file of garbage must not become gigabytes of messages."""
        self._count += len(problems)
        most = MAX_PROBLEMS if self._count <= MAX_LISTED else 1
        if len(problems) <= most:
            return problems
        message = f"Die Zeile hat {len(problems) - most} weitere Fehler. Bitte die ganze Zeile prüfen."
        return (*problems[:most], Problem("", MORE_PROBLEMS, message))

    def _reference_problem(self, text: str) -> Problem | None:
        if text not in self._references:
            self._references[text] = reference_problem(text)
        return self._references[text]

    def _party(self, values: tuple[str, ...]) -> Party:
        party = self._parties.get(values)
        if party is None:
            party = self._parties[values] = read_party(values)
        return party


def _broken(row: Row) -> RowReading:
    reference = row.reference if reference_problem(row.reference) is None else ""
    problem = Problem("", row.code, row.message)
    return RowReading(row.number, reference, row.reference, None, None, (problem,))


def _hygiene(values: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, Problem]]:
    if is_tidy(values):
        return values, {}
    clean = tuple(cleaned(value) for value in values)
    problems = (hygiene_problem(column, value) for column, value in zip(COLUMNS, clean, strict=True))
    return clean, {problem.column: problem for problem in problems if problem is not None}


def _without_unclean(reading: ParcelReading, unclean: dict[str, Problem]) -> ParcelReading:
    if unclean.keys().isdisjoint(PARCEL_COLUMNS):
        return reading
    key = "" if "Flurstueckskennzeichen" in unclean else reading.key
    return ParcelReading(None, key, "", ())
