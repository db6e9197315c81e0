"""JSON as I-JSON (RFC 7493) wants it: nothing that two readers could take differently or that cannot be stored."""

from __future__ import annotations

import json
import re
from typing import Any, cast

from services.intake.domain.refusals import pointer

MAX_DEPTH = 32
MAX_NUMBER = 2**53 - 1
MAX_PARTS = 20_000
"""Brackets and commas of one body: each value costs a thousand times what its two bytes cost the sender."""
_LONGEST_NUMBER = 32
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters but tab and line ends (PostgreSQL takes no NUL), and halves of surrogate pairs."""


class NotJsonError(Exception):
    """The text cannot be read; `pointer` tells where, as far as that is known."""

    def __init__(self, message: str, *, pointer: str = "") -> None:
        """Say in German what is wrong, without quoting."""
        super().__init__(message)
        self.message = message
        self.pointer = pointer


class Members(list[tuple[str, Any]]):
    """An object as it was written, repeated names included."""


class _BadNumber:
    """Stands where a number stood that no other reader is sure to read alike."""


def read(body: bytes) -> Any:
    """Read the text; objects come as `Members`, to be looked at by `plain`."""
    if sum(body.count(mark) for mark in (b"{", b"[", b",")) > MAX_PARTS:
        raise NotJsonError(f"Der Inhalt hat mehr als {MAX_PARTS} öffnende Klammern und Kommas.")
    try:
        return json.loads(
            body.decode(), object_pairs_hook=Members, parse_constant=_number, parse_int=_number, parse_float=_number
        )
    except UnicodeDecodeError:
        raise NotJsonError("Der Text ist nicht in UTF-8 kodiert.") from None
    except RecursionError:
        raise NotJsonError(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"Kein gültiges JSON ab Zeile {error.lineno}, Spalte {error.colno}.") from None


def plain(value: Any, *, known: frozenset[str]) -> Any:
    """Return the same with dictionaries, once every name, text and number in it is sound."""
    return _plain(value, [], known)


def _plain(value: Any, path: list[str | int], known: frozenset[str]) -> Any:
    if len(path) > MAX_DEPTH:
        raise NotJsonError(_TOO_DEEP, pointer=pointer(path, known=known))
    match value:
        case Members():
            return _object(value, path, known)
        case list():
            items = cast("list[Any]", value)
            return [_plain(item, [*path, index], known) for index, item in enumerate(items)]
        case str() if _FORBIDDEN.search(value):
            raise NotJsonError("Der Text enthält ein unzulässiges Steuerzeichen.", pointer=pointer(path, known=known))
        case _BadNumber():
            message = "Diese Zahl ist zu groß oder keine Zahl; große Zahlen bitte als Text senden."
            raise NotJsonError(message, pointer=pointer(path, known=known))
        case _:
            return value


def _object(members: Members, path: list[str | int], known: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        place = [*path, name]
        if name in found:
            raise NotJsonError("Dieser Name steht mehrfach im selben Objekt.", pointer=pointer(place, known=known))
        if _FORBIDDEN.search(name):
            message = "Ein Name enthält ein unzulässiges Steuerzeichen."
            raise NotJsonError(message, pointer=pointer(path, known=known))
        found[name] = _plain(value, place, known)
    return found


def _number(text: str) -> int | float | _BadNumber:
    """Read a number; 1, 1.0 and 1e0 are the same one."""
    if len(text) > _LONGEST_NUMBER or text in {"NaN", "Infinity", "-Infinity"}:
        return _BadNumber()
    number = float(text)
    if abs(number) > MAX_NUMBER:
        return _BadNumber()
    return int(text) if text.lstrip("-").isdigit() else int(number) if number.is_integer() else number


_TOO_DEEP = f"Der Inhalt ist tiefer als {MAX_DEPTH} Ebenen verschachtelt."
