"""The values of the levy (Umlage der Unterhaltungsverbände): statute, debtors, parcels, assessment.

Money is EUR as Decimal, areas are whole square metres, rates are EUR per hectare.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Exemption(StrEnum):
    """Why a parcel is listed but not levied (§ 56 (1) WG LSA); the values are those of the file."""

    NONE = ""
    TOWN_OWNED = "Gemeinde"
    FEDERAL_WATERWAY = "Bundeswasserstraße"


@dataclass(frozen=True, slots=True)
class Rate:
    """The rates of one maintenance association (Unterhaltungsverband), EUR per hectare.

    The administrative shares (Verwaltungskosten) are contained in the rates.
    """

    association: str
    area: Decimal
    area_administration_share: Decimal
    impediment: Decimal
    impediment_administration_share: Decimal


@dataclass(frozen=True, slots=True)
class DueRule:
    """When the levy is due (Fälligkeit): a fixed date, or months after announcement (Bekanntgabe)."""

    fixed_date: date | None = None
    months_after_announcement: int | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """The issuing authority with its seat, contact data and bank account."""

    name: str
    department: str
    street: str
    postcode: str
    city: str
    state: str
    phone: str
    email: str
    hours: str
    data_protection: str
    bank: str
    iban: str
    bic: str
    file_reference: str


@dataclass(frozen=True, slots=True)
class Statute:
    """One levy statute (Umlagesatzung) of one year, as a clerk enters it."""

    kind: str
    year: int
    title: str
    statute_date: date
    legal_basis: tuple[str, ...]
    minimum: Decimal
    round_down_to_euro: bool
    notice_date: date
    due: DueRule
    assessment_deadline: date
    administration_cost_actual: Decimal
    rates: tuple[Rate, ...]
    authority: Authority

    def rate_of(self, association: str) -> Rate:
        """Return the rate of an association; KeyError when the statute has none."""
        for rate in self.rates:
            if rate.association == association:
                return rate
        raise KeyError(association)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who receives the notice (Bekanntgabeadressat). An empty country is Germany."""

    salutation: str
    name1: str
    name2: str
    addition: str
    street: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel (Flurstück) as a row of the levy file states it; row counts from 1, the header is 1."""

    row: int
    key: str
    district: str
    """Gemarkung"""
    section: str
    """Flur"""
    number: str
    """Flurstück, numerator or numerator/denominator"""
    area_m2: int
    impediment_area_m2: int
    """Part of the area that is not subject to Grundsteuer A."""
    association: str
    exemption: Exemption


@dataclass(frozen=True, slots=True)
class DebtorAccount:
    """One debtor account: who owes (Inhaltsadressaten), who receives, and the parcels."""

    reference: str
    """Kassenzeichen"""
    addressee: Addressee
    role: str
    debtors: tuple[str, ...]
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in which row and column, in German, and what to do. Row 0 is the file itself."""

    row: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A debtor account that gets no notice until its rows are mended; whole, never in part."""

    reference: str
    rows: tuple[int, ...]
    readable: DebtorAccount | None
    """The rows that could be read, so that the amount at stake can be shown."""


@dataclass(frozen=True, slots=True)
class LevyImport:
    """Every row of a levy file, accounted for."""

    rows: int
    accounts: tuple[DebtorAccount, ...]
    held_back: tuple[HeldBack, ...]
    unattributed_rows: tuple[int, ...]
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class AssociationAmount:
    """What one account owes for one association; the components are rounded half-up to the cent."""

    association: str
    area_m2: int
    impediment_area_m2: int
    area_amount: Decimal
    impediment_amount: Decimal
    administration: Decimal
    """Administrative share contained in the two amounts."""

    @property
    def amount(self) -> Decimal:
        """The levy for this association."""
        return self.area_amount + self.impediment_amount


@dataclass(frozen=True, slots=True)
class Assessment:
    """The levy of one account (Festsetzung)."""

    account: DebtorAccount
    lines: tuple[AssociationAmount, ...]
    rounding: Decimal
    """What § 14 (2) KAG-LSA takes off, zero or negative."""
    total: Decimal
    below_minimum: bool
    """Lower than the small-amount limit (Kleinbetrag, § 14 (1) KAG-LSA): no notice."""

    @property
    def administration(self) -> Decimal:
        """Administrative share of the whole levy."""
        return sum((line.administration for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of a finished letter found: a stable code and a German sentence."""

    code: str
    message: str
    page: int = 0
