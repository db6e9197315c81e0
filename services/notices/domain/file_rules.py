"""What only all rows together show: one debtor per account, one owner account per parcel, one name per district."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from services.notices.domain.model import RowError
from services.notices.domain.party_rules import PARTY_COLUMNS
from services.notices.domain.problems import Problem, quoted
from services.notices.domain.reference import account_number
from services.notices.domain.row_reading import RowReading

MAX_PARCELS = 2_000
_NAMED_ROWS = 10

Accounts = dict[str, list[RowReading]]
"""Rows of each readable account, in the order of the file."""


def file_errors(rows: Sequence[RowReading], accounts: Accounts) -> Iterator[RowError]:
    """Yield every error that takes more than one row to see."""
    misplaced = _misplaced_rows(rows)
    for row in rows:
        if row.number in misplaced:
            yield _error(row, _district_problem(row))
    yield from _parcel_errors([row for row in rows if row.number not in misplaced])
    for members in accounts.values():
        yield from _party_errors(members)
        if len(members) > MAX_PARCELS:
            yield _error(members[0], _too_many_parcels(len(members)))
    yield from _incomplete_accounts([row for row in rows if not row.reference], accounts)


def _error(row: RowReading, problem: Problem) -> RowError:
    return RowError(row.number, problem.column, problem.code, problem.message)


def _misplaced_rows(rows: Sequence[RowReading]) -> set[int]:
    """Find rows whose district number and name do not belong together, by what most rows say.

    A single mistyped row must not hold back everyone who owns land in the same district.
    """
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        if row.parcel is not None and row.parcel.key and row.parcel.district:
            pairs[row.parcel.key[2:6], row.parcel.district].append(row.number)
    by_number: dict[str, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    for (number, name), members in pairs.items():
        by_number[number].append(len(members))
        by_name[name].append(len(members))
    misplaced: set[int] = set()
    for (number, name), members in pairs.items():
        count = len(members)
        for rivals in (by_number[number], by_name[name]):
            if count < max(rivals) or rivals.count(count) > 1:
                misplaced.update(members)
    return misplaced


def _district_problem(row: RowReading) -> Problem:
    key, district = (row.parcel.key, row.parcel.district) if row.parcel else ("", "")
    return Problem(
        "Gemarkung",
        "district_disagrees",
        f"Die Gemarkung {quoted(district)} passt nicht zur Gemarkungsnummer {key[2:6]} des "
        "Flurstückskennzeichens; andere Zeilen der Datei ordnen sie anders zu. Bitte mit dem Kataster vergleichen.",
    )


def _parcel_errors(rows: Sequence[RowReading]) -> Iterator[RowError]:
    counts = Counter(row.parcel.key for row in rows if row.parcel is not None)
    claims: dict[str, list[RowReading]] = defaultdict(list)
    for row in rows:
        if row.parcel is not None and row.parcel.key and counts[row.parcel.key] > 1:
            claims[row.parcel.key].append(row)
    for key, claimants in claims.items():
        if len({row.reference or row.stated_reference for row in claimants}) == 1:
            for row in claimants[1:]:
                yield _error(row, _parcel_twice(key, claimants[0].number))
        else:
            yield from _contested(key, claimants)


def _parcel_twice(key: str, first: int) -> Problem:
    return Problem(
        "Flurstueckskennzeichen",
        "parcel_twice",
        f"Das Flurstück {quoted(key)} steht für dieses Kassenzeichen schon in Zeile {first}. "
        "Bitte eine der beiden Zeilen löschen.",
    )


def _contested(key: str, claimants: Sequence[RowReading]) -> Iterator[RowError]:
    listed = [row.number for row in claimants[: _NAMED_ROWS + 1]]
    for row in claimants:
        others = [number for number in listed if number != row.number][:_NAMED_ROWS]
        rest = len(claimants) - 1 - len(others)
        named = ", ".join(map(str, others)) + (f" und {rest} weiteren" if rest else "")
        yield _error(
            row,
            Problem(
                "Flurstueckskennzeichen",
                "parcel_under_two_debtors",
                f"Das Flurstück {quoted(key)} steht auch bei einem anderen Kassenzeichen (Zeile {named}). "
                "Bitte im Grundbuch klären, wem es gehört, und die falsche Zeile löschen.",
            ),
        )


def _party_errors(members: Sequence[RowReading]) -> Iterator[RowError]:
    """Compare each row with the first; a column with an error of its own is not reported again."""
    first = next((row for row in members if row.party is not None), None)
    if first is None or first.party is None:
        return
    for row in members:
        if row.party is None or row.party is first.party or row.party.values == first.party.values:
            continue
        faulty = {problem.column for problem in (*row.problems, *first.problems)}
        differing = [
            column
            for column, mine, theirs in zip(PARTY_COLUMNS, row.party.values, first.party.values, strict=True)
            if mine != theirs and column not in faulty
        ]
        if differing:
            yield _error(row, _party_problem(differing, first.number))


def _party_problem(differing: Sequence[str], first: int) -> Problem:
    return Problem(
        differing[0],
        "account_disagrees",
        f"Die Zeile weicht von Zeile {first} desselben Kassenzeichens ab ({', '.join(differing)}). "
        "Bitte alle Zeilen eines Kassenzeichens gleich ausfüllen oder das Kassenzeichen berichtigen.",
    )


def _too_many_parcels(count: int) -> Problem:
    return Problem(
        "Kassenzeichen",
        "too_many_parcels",
        f"Das Schuldnerkonto hat {count} Flurstücke; ein Bescheid fasst höchstens {MAX_PARCELS}. "
        "Bitte die Flurstücke auf mehrere Kassenzeichen verteilen.",
    )


def _incomplete_accounts(lost: Sequence[RowReading], accounts: Accounts) -> Iterator[RowError]:
    """Hold back the account that a row without readable reference in all likelihood belongs to.

    It has the same account number or the very same party; without the row its notice would be too low.
    """
    by_number = {account_number(reference): reference for reference in accounts}
    by_party = {
        row.party.values: reference
        for reference, members in accounts.items()
        for row in members
        if row.party is not None and row.party.addressee.name1
    }
    suspected: dict[str, list[int]] = defaultdict(list)
    for row in lost:
        reference = by_number.get(account_number(row.stated_reference) or "-")
        if reference is None and row.party is not None:
            reference = by_party.get(row.party.values)
        if reference is not None:
            suspected[reference].append(row.number)
    for reference, numbers in suspected.items():
        named = ", ".join(map(str, numbers[:_NAMED_ROWS])) + (" …" if len(numbers) > _NAMED_ROWS else "")
        problem = Problem(
            "Kassenzeichen",
            "account_incomplete",
            f"Zu diesem Schuldnerkonto gehört vermutlich auch Zeile {named}, deren Kassenzeichen nicht lesbar ist. "
            "Bitte dort das Kassenzeichen berichtigen; ohne sie wäre der Bescheid unvollständig.",
        )
        yield _error(accounts[reference][0], problem)
