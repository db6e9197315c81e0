"""What must stand in a notice (checklist of § 119, § 121, § 157 AO), looked for in the text of the finished file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from services.notices.domain.model import Assessment, Finding, Statute
from services.notices.letters import german, view, wording
from services.notices.letters.reading import PageReading, squeezed

_MONEY = r"(−?[\d.]+,\d\d)"


def findings(pages: tuple[PageReading, ...], assessment: Assessment, statute: Statute) -> Iterator[Finding]:
    """Report every block, amount, debtor and parcel of the record that the letter does not show."""
    text = "".join(page.text for page in pages)
    yield from _blocks(text, assessment, statute)
    yield from _amounts(text, assessment)
    yield from _lines(text, assessment, statute)
    yield from _parcels(text, assessment)


def _blocks(text: str, assessment: Assessment, statute: Statute) -> Iterator[Finding]:
    """Look for headings and sentences; the amounts among them are the business of _amounts."""
    kind, _, deadline, contact = wording.summary(assessment, statute).sentences
    required = {
        "die Art des Bescheids": kind,
        "der Zahlungstermin": deadline,
        "die Auskunftsstelle": contact,
        "die Schuldner": wording.debtors(assessment).text,
        "die Zahlungsaufforderung": wording.payment(assessment, statute).text,
        "die Bankverbindung": "".join(f"{label}{value}" for label, value in view.transfer(assessment, statute)[:3]),
        "das Kassenzeichen": f"Kassenzeichen{assessment.account.reference}",
        "das Aktenzeichen": f"Aktenzeichen{wording.file_reference(statute, assessment.account.reference)}",
        "das Datum": f"Datum{german.long_date(statute.notice_date)}",
        "die Verwaltungskosten": wording.administration(assessment),
        "der Hinweis auf die automatische Erstellung": wording.automatic(),
    }
    required |= {f"der Abschnitt „{each.heading}“": each.heading + each.text for each in wording.static_blocks(statute)}
    for name, wanted in required.items():
        if squeezed(wanted) not in text:
            yield Finding("block_missing", f"Im Bescheid fehlt oder ist verändert: {name}.")
    for name in assessment.account.debtors:
        if squeezed(name) not in text:
            yield Finding("debtor_missing", "Im Bescheid fehlt der Name eines Schuldners.")


def _amounts(text: str, assessment: Assessment) -> Iterator[Finding]:
    """Read the printed amounts back as numbers: they must be the record's, and add up."""
    for name, pattern in (("im ersten Absatz", "BittezahlenSie"), ("im Zahlungsteil", "Betrag")):
        if _money(pattern + _MONEY + "€", text) != [assessment.total]:
            yield Finding("amount_differs", f"Der Betrag {name} ist nicht der des Datensatzes.")
    printed = [_money(re.escape(squeezed(f"Umlage {each.association}")) + _MONEY, text) for each in assessment.lines]
    if printed != [[each.amount] for each in assessment.lines]:
        yield Finding("association_differs", "Die Summe eines Unterhaltungsverbands ist nicht die des Datensatzes.")
    rounding = _money("AbrundungaufvolleEuro" + _MONEY, text)
    if sum((value for values in [*printed, rounding] for value in values), Decimal(0)) != assessment.total:
        yield Finding("sum_differs", "Die gedruckten Beträge ergeben zusammen nicht den festgesetzten Betrag.")


def _lines(text: str, assessment: Assessment, statute: Statute) -> Iterator[Finding]:
    for row in view.calculation_rows(assessment, statute):
        if squeezed(row.text + row.area + row.rate + row.amount) not in text:
            yield Finding("calculation_missing", f"In der Berechnung fehlt oder ist verändert: {row.text}.")


def _parcels(text: str, assessment: Assessment) -> Iterator[Finding]:
    """Look for the rows one after the other, so that two equal ones must both be there."""
    at = 0
    for parcel in assessment.account.parcels:
        row = view.parcel_row(parcel)
        wanted = squeezed(row.district + row.section + row.number + row.association + row.area + row.impediment)
        found = text.find(wanted, at)
        if found < 0:
            place = f"{parcel.district}, Flur {parcel.section}, Flurstück {parcel.number}"
            yield Finding("parcel_missing", f"In der Liste fehlt oder ist verändert: {place}.")
            continue
        at = found + len(wanted)


def _money(pattern: str, text: str) -> list[Decimal]:
    values: list[str] = re.findall(pattern, text)
    return [Decimal(value.replace(".", "").replace(",", ".").replace("−", "-")) for value in values]
