"""The payment code read from the raster, compared with the record field by field."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from services.notices.domain.model import Assessment, Finding, Statute
from services.notices.letters.reading import PageReading

_LINES = 11
_HEADER = ["BCD", "002", "1", "SCT"]


def findings(pages: tuple[PageReading, ...], assessment: Assessment, statute: Statute) -> Iterator[Finding]:
    """Report a code that is missing, unreadable, or would pay something else than the record says."""
    codes = [code for page in pages for code in page.codes]
    if len(codes) != 1:
        yield Finding("code_unreadable", f"Lesbare QR-Codes für die Überweisung: {len(codes)}, verlangt ist einer.")
        return
    lines = codes[0].decode("utf-8", "replace").split("\n")
    if len(lines) != _LINES or lines[:4] != _HEADER:
        yield Finding("code_differs", "Der QR-Code ist keine Überweisung nach EPC069-12.")
        return
    for field, right in _fields(lines, assessment, statute).items():
        if not right:
            yield Finding("code_differs", f"Im QR-Code stimmt nicht mit dem Datensatz überein: {field}.")


def _fields(lines: list[str], assessment: Assessment, statute: Statute) -> dict[str, bool]:
    authority = statute.authority
    return {
        "BIC": lines[4] == authority.bic,
        "Empfänger": lines[5] == authority.name,
        "IBAN": lines[6] == authority.iban.replace(" ", ""),
        "Betrag": _amount(lines[7]) == assessment.total,
        "Verwendungszweck": assessment.account.reference in lines[10].split(),
    }


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text.removeprefix("EUR")) if text.startswith("EUR") else None
    except InvalidOperation:
        return None
