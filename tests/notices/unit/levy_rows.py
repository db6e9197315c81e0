"""Builders of small levy files for the tests of the import."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from services.notices.domain import statute as statutes
from services.notices.domain.levy_file import read_levy_file
from services.notices.domain.model import LevyImport, Statute
from services.notices.domain.reference import check_digits
from services.notices.domain.table import COLUMNS

DEMO = Path(statutes.__file__).parents[1] / "demo"
HEADER = ";".join(COLUMNS)


@cache
def demo_statute(year: int = 2026) -> Statute:
    return statutes.parse_statute((DEMO / f"satzung-{year}.toml").read_bytes())


@cache
def demo_file(name: str) -> bytes:
    return (DEMO / name).read_bytes()


def reference(number: int) -> str:
    return f"5520.{number:06d}.{check_digits(str(number))}"


def a_row(account: int = 1, parcel: int = 1, **changes: str) -> str:
    values = {
        "Kassenzeichen": reference(account),
        "Anrede": "Frau",
        "Name1": "Änne Kühne",
        "Name2": "",
        "Zusatz": "",
        "Strasse": "Bismarckstraße 33a",
        "PLZ": "39517",
        "Ort": "Tangerhütte",
        "Land": "",
        "Rolle": "Eigentümer",
        "Schuldner": "Änne Kühne",
        "Flurstueckskennzeichen": f"152417006{parcel:05d}______",
        "Gemarkung": "Uetz",
        "Flur": "6",
        "Flurstueck": str(parcel),
        "Flaeche_m2": "20000",
        "Flaeche_ohne_GrStA_m2": "0",
        "Unterhaltungsverband": "Tanger",
        "Befreiung": "",
    }
    return ";".join((values | changes)[column] for column in COLUMNS)


def a_file(*rows: str) -> bytes:
    return "\r\n".join((HEADER, *rows, "")).encode()


def read(data: bytes) -> LevyImport:
    return read_levy_file(data, demo_statute())


def found(levy: LevyImport) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in levy.errors]


def rows_told(levy: LevyImport) -> list[int]:
    """Every row number that the import accounts for, in order."""
    good = [parcel.row for account in levy.accounts for parcel in account.parcels]
    held = [row for debtor in levy.held_back for row in debtor.rows]
    return sorted([*good, *held, *levy.unattributed_rows])
