"""Numbers, money and dates as a German letter prints them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
    "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_NUMBERS = ("null", "eines", "zwei", "drei", "vier", "fünf", "sechs")
_SWAP = str.maketrans(",.", ".,")
_SQUARE_METRES_PER_HECTARE = 10_000
NBSP = "\u00a0"
_BEFORE_NUMBER = re.compile(r"(§§?|Abs\.|Art\.|Buchst\.|Nr\.|Satz) ")


def number(value: Decimal | int) -> str:
    """Return 1.234,56 for 1234.56; every decimal place of the value is kept."""
    return f"{value:,f}".translate(_SWAP) if isinstance(value, Decimal) else f"{value:,}".translate(_SWAP)


def amount(value: Decimal) -> str:
    """Return 1.234,56; the minus sign is the typographic one."""
    return f"{value:,.2f}".translate(_SWAP).replace("-", "\u2212")


def euro(value: Decimal) -> str:
    """Return 1.234,56 € that never breaks before the sign."""
    return f"{amount(value)}{NBSP}€"


def hectares(square_metres: int) -> str:
    """Return hectares with four places, which square metres fill exactly."""
    return f"{Decimal(square_metres) / _SQUARE_METRES_PER_HECTARE:,.4f}".translate(_SWAP)


def long_date(day: date) -> str:
    """Return 10. Dezember 2026."""
    return f"{day.day}.{NBSP}{_MONTHS[day.month - 1]} {day.year}"


def months(count: int) -> str:
    """Return the genitive or dative after `innerhalb`: eines Monats, von zwei Monaten."""
    if count == 1:
        return "eines Monats"
    return f"von {_NUMBERS[count] if count < len(_NUMBERS) else count} Monaten"


def iban(value: str) -> str:
    """Return the IBAN in groups of four."""
    compact = "".join(value.split())
    return NBSP.join(compact[start : start + 4] for start in range(0, len(compact), 4))


def enumeration(items: tuple[str, ...]) -> str:
    """Return A, B und C."""
    if len(items) < 2:  # noqa: PLR2004 - one item needs no conjunction
        return "".join(items)
    return f"{', '.join(items[:-1])} und {items[-1]}"


def bound(text: str) -> str:
    """Keep the parts of a citation on one line: § 80 Abs. 2."""
    return _BEFORE_NUMBER.sub(rf"\1{NBSP}", text)
