"""The count chain: from the row of the file to the posted letter nothing may be lost, in numbers and in money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Counts and sums of one run; each step must account for the step before it."""

    rows: int
    rows_assessed: int
    rows_below_minimum: int
    rows_held_back: int
    rows_unattributed: int
    debtors: int
    assessed: int
    below_minimum: int
    held_back: int
    rendered: int
    render_failed: int
    routed_paper: int
    routed_mailbox: int
    unrouted: int
    posted: int
    failed: int
    unclear: int
    open: int
    assessed_amount: Decimal
    rendered_amount: Decimal
    render_failed_amount: Decimal
    routed_paper_amount: Decimal
    routed_mailbox_amount: Decimal
    unrouted_amount: Decimal
    posted_amount: Decimal
    failed_amount: Decimal
    unclear_amount: Decimal
    open_amount: Decimal

    @property
    def closed(self) -> bool:
        """Whether every step accounts for the one before it; if not, it is an alarm."""
        return not differences(self)


@dataclass(frozen=True, slots=True)
class _Step:
    """One equation: a field of the chain is the sum of others; the words are those of the desk."""

    whole: str
    label: str
    parts: tuple[tuple[str, str], ...]


_ROWS = _Step(
    "rows",
    "Zeilen der Datei",
    (
        ("rows_assessed", "festgesetzter Konten"),
        ("rows_below_minimum", "von Konten unter dem Kleinbetrag"),
        ("rows_held_back", "zurückgestellter Konten"),
        ("rows_unattributed", "ohne lesbares Kassenzeichen"),
    ),
)
_DEBTORS = _Step(
    "debtors",
    "Schuldnerkonten",
    (("assessed", "festgesetzt"), ("below_minimum", "unter dem Kleinbetrag"), ("held_back", "zurückgestellt")),
)
_AFTER_ASSESSMENT = (
    _Step("assessed", "festgesetzt", (("rendered", "erzeugt"), ("render_failed", "nicht erzeugbar"))),
    _Step(
        "rendered",
        "erzeugt",
        (("routed_paper", "Papierpost"), ("routed_mailbox", "Postfach"), ("unrouted", "noch ohne Versandweg")),
    ),
    _Step(
        "routed_paper",
        "Papierpost",
        (("posted", "aufgegeben"), ("failed", "gescheitert"), ("unclear", "ungeklärt"), ("open", "offen")),
    ),
)


def differences(chain: Chain) -> tuple[str, ...]:
    """Say in German where the chain does not close; empty when it does."""
    return (*_negatives(chain), *_broken_counts(chain), *_broken_amounts(chain))


def _negatives(chain: Chain) -> Iterator[str]:
    # A negative part can make a sum come out right.
    for field in fields(chain):
        value: int | Decimal = getattr(chain, field.name)
        if value < 0:
            yield f"Der Zählwert „{field.name}“ ist negativ ({value})."


def _broken_counts(chain: Chain) -> Iterator[str]:
    for step in (_ROWS, _DEBTORS, *_AFTER_ASSESSMENT):
        whole: int = getattr(chain, step.whole)
        parts: list[int] = [getattr(chain, name) for name, _ in step.parts]
        if whole != sum(parts):
            shown = " + ".join(f"{part} {label}" for part, (_, label) in zip(parts, step.parts, strict=True))
            yield f"Anzahl: {whole} {step.label} sind nicht {shown} (Differenz {whole - sum(parts)})."


def _broken_amounts(chain: Chain) -> Iterator[str]:
    for step in _AFTER_ASSESSMENT:
        whole: Decimal = getattr(chain, f"{step.whole}_amount")
        parts: list[Decimal] = [getattr(chain, f"{name}_amount") for name, _ in step.parts]
        total = sum(parts, Decimal("0.00"))
        if whole != total:
            shown = " + ".join(f"{_euro(part)} {label}" for part, (_, label) in zip(parts, step.parts, strict=True))
            yield f"Betrag: {_euro(whole)} {step.label} sind nicht {shown} (Differenz {_euro(whole - total)})."


def _euro(amount: Decimal) -> str:
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))
