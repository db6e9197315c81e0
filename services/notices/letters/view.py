"""The notice as the template wants it: strings in the order they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contracts.output_profile import Zones
from services.notices.domain.model import Assessment, AssociationAmount, Authority, Exemption, Parcel, Statute
from services.notices.letters import epc, fonts, german, wording
from services.notices.letters.address import address_lines

INSET = 1.0
"""What a line keeps free at both ends of its zone, in mm: the sheet moves in the envelope."""
LEFT = 25.0
"""Left edge of all text, in mm: two inside the address window."""


@dataclass(frozen=True, slots=True)
class CalculationRow:
    """One line of the calculation; a sum has no area and rate."""

    text: str
    area: str
    rate: str
    amount: str
    sum: bool


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One parcel: areas only, euros stand on the association lines."""

    district: str
    section: str
    number: str
    association: str
    area: str
    impediment: str


@dataclass(frozen=True, slots=True)
class AreaSum:
    """The levied area of one association."""

    text: str
    area: str
    impediment: str


def sender_line(authority: Authority, zones: Zones) -> str:
    """Return the sender line; leading words of the name are left out where the full one is too wide."""
    width = zones.sender.right - LEFT - INSET
    place = f"{authority.street} · {authority.postcode} {authority.city}"
    words = authority.name.split()
    lines = [f"{' '.join(words[start:])} · {place}" for start in range(max(1, len(words) - 1))]
    fitting = (line for line in lines if fonts.width_mm(line, zones.sender_size_pt) <= width)
    return next(fitting, lines[0])


def calculation_rows(assessment: Assessment, statute: Statute) -> tuple[CalculationRow, ...]:
    """Return the arithmetic per association, the rounding where there is one, and the total."""
    rows = [row for line in assessment.lines for row in _association_rows(line, statute)]
    if assessment.rounding:
        rows.append(_sum("Abrundung auf volle Euro", assessment.rounding, bold=False))
    if assessment.rounding or len(assessment.lines) > 1:
        rows.append(_sum("Umlage insgesamt", assessment.total))
    return tuple(rows)


def _association_rows(line: AssociationAmount, statute: Statute) -> tuple[CalculationRow, ...]:
    rate = statute.rate_of(line.association)
    name = line.association
    return (
        _product(f"{name}: Flächenbeitrag", line.area_m2, rate.area, line.area_amount),
        _product(f"{name}: Erschwernisbeitrag", line.impediment_area_m2, rate.impediment, line.impediment_amount),
        _sum(f"Umlage {name}", line.amount),
    )


def _product(text: str, area_m2: int, rate: Decimal, result: Decimal) -> CalculationRow:
    return CalculationRow(text, german.hectares(area_m2), german.number(rate), german.amount(result), sum=False)


def _sum(text: str, result: Decimal, *, bold: bool = True) -> CalculationRow:
    return CalculationRow(text, "", "", german.amount(result), sum=bold)


def parcel_row(parcel: Parcel) -> ParcelRow:
    """Return one line of the parcel table; a parcel without levy shows the reason instead of the association."""
    return ParcelRow(
        parcel.district,
        parcel.section,
        parcel.number,
        wording.exemption(parcel.exemption) or parcel.association,
        german.number(parcel.area_m2),
        german.number(parcel.impediment_area_m2) if parcel.exemption is Exemption.NONE else "–",
    )


def area_sums(assessment: Assessment) -> tuple[AreaSum, ...]:
    """Return the areas the calculation starts from."""
    return tuple(
        AreaSum(
            f"Umgelegte Fläche {line.association}",
            german.number(line.area_m2),
            german.number(line.impediment_area_m2),
        )
        for line in assessment.lines
    )


def transfer(assessment: Assessment, statute: Statute) -> tuple[tuple[str, str], ...]:
    """Return the lines of the payment block."""
    authority = statute.authority
    return (
        ("Empfänger", authority.name),
        ("IBAN", german.iban(authority.iban)),
        ("BIC, Bank", f"{authority.bic}, {authority.bank}"),
        ("Betrag", german.euro(assessment.total)),
        ("Verwendungszweck", epc.remittance(assessment.account.reference)),
    )


def info(assessment: Assessment, statute: Statute) -> tuple[tuple[str, str], ...]:
    """Return the lines beside the address."""
    authority, reference = statute.authority, assessment.account.reference
    return (
        ("Datum", german.long_date(statute.notice_date)),
        ("Kassenzeichen", reference),
        ("Aktenzeichen", wording.file_reference(statute, reference)),
        ("Telefon", authority.phone),
        ("E-Mail", authority.email),
        ("Sprechzeiten", authority.hours),
        ("Anschrift", f"{authority.street}, {authority.postcode} {authority.city}"),
    )


def footer(assessment: Assessment, statute: Statute) -> str:
    """Return what every page says at its foot."""
    reference = assessment.account.reference
    return f"Kassenzeichen {reference} · Aktenzeichen {wording.file_reference(statute, reference)}"


def view(assessment: Assessment, statute: Statute) -> dict[str, object]:
    """Return the variables of the template that differ from letter to letter."""
    account = assessment.account
    return {
        "reference": account.reference,
        "footer": footer(assessment, statute),
        "recipient": address_lines(account.addressee),
        "info": info(assessment, statute),
        "summary": wording.summary(assessment, statute),
        "payment": wording.payment(assessment, statute),
        "transfer": transfer(assessment, statute),
        "qr": epc.picture(epc.payload(assessment, statute.authority)),
        "calculation": calculation_rows(assessment, statute),
        "administration": wording.administration(assessment),
        "debtors": wording.debtors(assessment),
        "parcels": tuple(parcel_row(parcel) for parcel in account.parcels),
        "sums": area_sums(assessment),
    }
