"""The payment reference of a debtor account (Kassenzeichen): 5520.NNNNNN.PP with two check digits."""

from __future__ import annotations

import re

from services.notices.domain.problems import Problem, quoted

_SHAPE = re.compile(r"5520\.([0-9]{6})\.([0-9]{2})")
_MODULUS = 97


def check_digits(number: str) -> str:
    """Return the two check digits of a six-digit account number: 97 - (number mod 97)."""
    return f"{_MODULUS - int(number) % _MODULUS:02d}"


def account_number(reference: str) -> str:
    """Return the six digits of a well-shaped reference, right check digits or not; empty otherwise."""
    match = _SHAPE.fullmatch(reference)
    return match[1] if match else ""


def reference_problem(reference: str) -> Problem | None:
    """Tell why a reference cannot be read; None when it can."""
    match = _SHAPE.fullmatch(reference)
    if match is None:
        return Problem(
            "Kassenzeichen",
            "reference_shape",
            f"Das Kassenzeichen {quoted(reference)} hat nicht die Form 5520.NNNNNN.PP. "
            "Bitte das Kassenzeichen aus der Finanzsoftware übernehmen.",
        )
    if match[2] != check_digits(match[1]):
        return Problem(
            "Kassenzeichen",
            "reference_check_digits",
            f"Die Prüfziffer des Kassenzeichens {quoted(reference)} stimmt nicht; zu dieser Nummer gehört "
            f"{check_digits(match[1])}. Bitte Nummer und Prüfziffer prüfen.",
        )
    return None
