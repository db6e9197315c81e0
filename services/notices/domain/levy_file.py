"""Import of a levy file: every row is accounted for, bad rows never stop good debtors."""

from __future__ import annotations

from collections.abc import Sequence

from services.notices.domain.decoding import LevyFileError, decode
from services.notices.domain.file_rules import Accounts, file_errors
from services.notices.domain.model import DebtorAccount, HeldBack, LevyImport, Parcel, RowError, Statute
from services.notices.domain.row_reading import RowReader, RowReading
from services.notices.domain.table import read_table

__all__ = ["LevyFileError", "read_levy_file"]


def read_levy_file(data: bytes, statute: Statute) -> LevyImport:
    """Read a levy file against the rates of a statute; LevyFileError when it is no levy file at all.

    An account with any bad row is held back whole; rows whose reference cannot be read belong to nobody.
    """
    reader = RowReader({rate.association: rate for rate in statute.rates})
    rows = [reader.read(row) for row in read_table(decode(data))]
    accounts: Accounts = {}
    for row in rows:
        if row.reference:
            accounts.setdefault(row.reference, []).append(row)
    errors = [
        RowError(row.number, problem.column, problem.code, problem.message) for row in rows for problem in row.problems
    ]
    errors.extend(file_errors(rows, accounts))
    errors.sort(key=lambda error: error.row)
    bad_rows = {error.row for error in errors}
    held_back: list[HeldBack] = []
    good: list[DebtorAccount] = []
    for reference, members in accounts.items():
        if bad_rows.isdisjoint(row.number for row in members):
            good.extend(_account(reference, members))
        else:
            readable = next(iter(_account(reference, members)), None)
            held_back.append(HeldBack(reference, tuple(row.number for row in members), readable))
    return LevyImport(
        rows=len(rows),
        accounts=tuple(good),
        held_back=tuple(held_back),
        unattributed_rows=tuple(row.number for row in rows if not row.reference),
        errors=tuple(errors),
    )


def _account(reference: str, members: Sequence[RowReading]) -> list[DebtorAccount]:
    """Build the account from its readable rows; empty when no row tells the addressee.

    A parcel that stands there twice is counted once, one that another account claims too is kept.
    """
    party = next((row.party for row in members if row.has_readable_addressee), None)
    if party is None:
        return []
    parcels: dict[str, Parcel] = {}
    for row in members:
        if row.parcel is not None and row.parcel.parcel is not None:
            parcels.setdefault(row.parcel.parcel.key, row.parcel.parcel)
    return [DebtorAccount(reference, party.addressee, party.role, party.debtors, tuple(parcels.values()))]
