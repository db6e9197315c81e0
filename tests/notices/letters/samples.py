"""Statutes and accounts built by hand, so that a failure names its data. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from contracts.output_profile import output_profile
from services.notices.domain.model import (
    Addressee,
    Assessment,
    AssociationAmount,
    Authority,
    DebtorAccount,
    DueRule,
    Exemption,
    Parcel,
    Rate,
    Statute,
)
from services.notices.letters.render import LetterRenderer

PROFILE = output_profile("epost")
REFERENCE = "5520.260001.56"
CENT = Decimal("0.01")

AUTHORITY = Authority(
    name="Einheitsgemeinde Stadt Tangerhütte",
    department="Kämmerei, Steuern und Abgaben",
    street="Bismarckstraße 5",
    postcode="39517",
    city="Tangerhütte",
    state="ST",
    phone="03935 0000-00",
    email="abgaben@stadt.example",
    hours="Di 9-12 und 13-18 Uhr, Do 9-12 Uhr",
    data_protection="datenschutz@stadt.example",
    bank="Demo-Bank",
    iban="DE02120300000000202051",
    bic="BYLADEM1001",
    file_reference="20-815/{year}/{debtor}",
)

STATUTE = Statute(
    kind="Umlage der Unterhaltungsverbände",
    year=2026,
    title="Satzung zur Umlage der Verbandsbeiträge der Unterhaltungsverbände (Demo)",
    statute_date=date(2025, 12, 10),
    legal_basis=("§ 56 WG LSA", "§§ 2, 13, 13a, 14 KAG-LSA"),
    minimum=Decimal("10.00"),
    round_down_to_euro=False,
    notice_date=date(2026, 11, 30),
    due=DueRule(months_after_announcement=1),
    assessment_deadline=date(2030, 12, 31),
    administration_cost_actual=Decimal("16176.00"),
    rates=(
        Rate("Tanger", Decimal("9.87"), Decimal("0.84"), Decimal("6.45"), Decimal("0.00")),
        Rate("Uchte", Decimal("10.42"), Decimal("0.84"), Decimal("4.18"), Decimal("0.00")),
    ),
    authority=AUTHORITY,
)
ROUNDING = replace(STATUTE, round_down_to_euro=True)
FIXED_DATE = replace(STATUTE, due=DueRule(fixed_date=date(2027, 2, 15)))

PLAIN = Addressee("Frau", "Änne Kühne", "", "", "Bismarckstraße 33a", "39517", "Tangerhütte", "")
SIX_LINES = Addressee(
    "Eheleute", "Friedrich-Wilhelm Freiherr von Tannenfeld", "Wilhelmine zu Lindenau-Altmark",
    "c/o Steffen Müller-Lüdenscheidt", "Ernst-Thälmann-Straße 118a", "39517", "Tangerhütte", "",
)  # fmt: skip
ABROAD = Addressee("Herr", "Łukasz O'Neill", "", "", "Hauptstraße 1", "1010", "Wien", "Österreich")


def parcel(row: int = 2, *, area: int = 64_769, impediment: int | None = None, association: str = "Tanger") -> Parcel:
    """A parcel in Uetz whose number follows from its row."""
    return Parcel(
        row=row,
        key=f"152417006{row:05d}______",
        district="Uetz",
        section="6",
        number=f"{row}",
        area_m2=area,
        impediment_area_m2=area if impediment is None else impediment,
        association=association,
        exemption=Exemption.NONE,
    )


def parcels(count: int) -> tuple[Parcel, ...]:
    return tuple(parcel(row, area=1_000 + 997 * row, impediment=500 * (row % 3)) for row in range(2, count + 2))


def account(
    *items: Parcel, addressee: Addressee = PLAIN, debtors: tuple[str, ...] = ("Änne Kühne",), role: str = "Eigentümer"
) -> DebtorAccount:
    return DebtorAccount(REFERENCE, addressee, role, debtors, items or (parcel(),))


def assessed(debtor: DebtorAccount, statute: Statute = STATUTE) -> Assessment:
    """The levy by its formula, computed here so that the letters are tested against independent numbers."""
    lines = tuple(line for rate in statute.rates if (line := _line(debtor, rate)).area_m2 or line.impediment_area_m2)
    exact = sum((line.amount for line in lines), Decimal("0.00"))
    rounding = Decimal(int(exact)) - exact if statute.round_down_to_euro else Decimal("0.00")
    total = exact + rounding
    return Assessment(debtor, lines, rounding, total, below_minimum=total < statute.minimum)


def _line(debtor: DebtorAccount, rate: Rate) -> AssociationAmount:
    levied = [
        each for each in debtor.parcels if each.association == rate.association and each.exemption is Exemption.NONE
    ]
    area = sum(each.area_m2 for each in levied)
    impediment = sum(each.impediment_area_m2 for each in levied)
    return AssociationAmount(
        rate.association,
        area,
        impediment,
        _cents(area, rate.area),
        _cents(impediment, rate.impediment),
        _cents(area, rate.area_administration_share) + _cents(impediment, rate.impediment_administration_share),
    )


def _cents(area: int, rate: Decimal) -> Decimal:
    return (Decimal(area) / 10_000 * rate).quantize(CENT, ROUND_HALF_UP)


@cache
def renderer(statute: Statute = STATUTE) -> LetterRenderer:
    return LetterRenderer(statute, PROFILE)


def exempt(item: Parcel, reason: Exemption) -> Parcel:
    return replace(item, exemption=reason)


def _two_associations() -> DebtorAccount:
    items = (parcel(2, impediment=0), parcel(3, association="Uchte"), exempt(parcel(4), Exemption.TOWN_OWNED),
             exempt(parcel(5), Exemption.FEDERAL_WATERWAY))  # fmt: skip
    heirs = ("Łukasz Tönnies", "Günther Tönnies", "Zoë Tönnies-Yıldız", "François Tönnies")
    return account(*items, debtors=heirs, role="Erbbauberechtigter")


def _huge() -> DebtorAccount:
    item = replace(parcel(area=99_999_999), district="Schönwalde (Altmark) an der Tanger", number="12345/6789")
    return account(item)


LETTERS: dict[str, tuple[DebtorAccount, Statute]] = {
    "one parcel": (account(), STATUTE),
    "three parcels": (account(*parcels(3)), STATUTE),
    "eighteen parcels": (account(*parcels(18)), STATUTE),
    "sixty parcels": (account(*parcels(60)), STATUTE),
    "a hundred and twenty parcels": (account(*parcels(120)), STATUTE),
    "six address lines": (account(addressee=SIX_LINES, debtors=("A. von Tannenfeld", "W. zu Lindenau")), STATUTE),
    "abroad": (account(addressee=ABROAD, debtors=("Łukasz O'Neill",)), STATUTE),
    "two associations, heirs and exempt parcels": (_two_associations(), STATUTE),
    "rounded down": (account(*parcels(2)), ROUNDING),
    "fixed due date": (account(*parcels(2)), FIXED_DATE),
    "a huge parcel": (_huge(), STATUTE),
}
"""The letters every general promise is tested on."""


@cache
def letter(name: str) -> tuple[bytes, Assessment, Statute]:
    debtor, statute = LETTERS[name]
    assessment = assessed(debtor, statute)
    return renderer(statute).render(assessment), assessment, statute
