"""The address as printed in the window (Anschriftfeld)."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from services.notices.domain.model import Addressee

MAX_LINES = 6
# What 83 mm hold of ordinary names in Arial 9 pt; the check measures the real width.
_LINE_CHARS = 44
_SALUTATIONS = {"herr": "Herrn"}
# Is said by the name itself (DIN 5008): a legal form, or the word in front of it.
_UNSAID = frozenset({"firma"})
_COUPLE = "eheleute"
_HOME = frozenset({"", "DEUTSCHLAND"})


def address_lines(addressee: Addressee) -> tuple[str, ...]:
    """Return the lines without blank ones; city last, or the country in capitals for abroad.

    Long lines are wrapped, never cut, so there may be more than MAX_LINES: the check reports it.
    """
    return (*recipient_lines(addressee), *_wrapped(_place(addressee)))


def recipient_lines(addressee: Addressee) -> tuple[str, ...]:
    """Return those of the lines that name neither postcode and city nor the country."""
    names, street = _names(addressee), _clean(addressee.street)
    lines = [*names, street] if street else names
    if len(lines) + len(_place(addressee)) > MAX_LINES and names[0].casefold() == _COUPLE:
        lines = lines[1:]  # both names say it
    return _wrapped(lines)


def _names(addressee: Addressee) -> list[str]:
    salutation = _clean(addressee.salutation)
    name, rest = _clean(addressee.name1), [_clean(addressee.name2), _clean(addressee.addition)]
    tail = [line for line in rest if line]
    if not salutation or salutation.casefold() in _UNSAID:
        return [name, *tail]
    if salutation.casefold() == _COUPLE:
        return [salutation, name, *tail]
    return [f"{_SALUTATIONS.get(salutation.casefold(), salutation)} {name}", *tail]


def _place(addressee: Addressee) -> list[str]:
    country = _clean(addressee.country).upper()
    city = _clean(f"{addressee.postcode} {addressee.city}")
    lines = [city, "" if country in _HOME else country]
    return [line for line in lines if line]


def _wrapped(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        part for line in lines for part in wrap(line, _LINE_CHARS, break_long_words=False, break_on_hyphens=False)
    )


def _clean(text: str) -> str:
    return " ".join(text.split())
