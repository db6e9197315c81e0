"""What a schema or a model finds wrong, in German and without the value that was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_TYPES = {
    "string": "ein Text",
    "integer": "eine ganze Zahl",
    "number": "eine Zahl",
    "object": "ein Objekt",
    "array": "eine Liste",
    "boolean": "true oder false",
    "null": "null",
}
_FORMATS = {
    "date-time": "Hier steht kein Zeitpunkt nach RFC 3339 mit Zeitzone, zum Beispiel 2026-06-14T15:20:00Z.",
    "date": "Hier steht kein Datum in der Form JJJJ-MM-TT.",
}


def _type(found: Mapping[str, Any]) -> str:
    kinds: Sequence[str] = found["types"]
    wanted = " oder ".join(_TYPES.get(each, each) for each in kinds)
    return f"Der Wert hat die falsche Art; erwartet wird {wanted}."


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(f"„{value}“" for value in values)


KEYWORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "required": lambda _: "Dieses Feld fehlt.",
    "type": _type,
    "enum": lambda found: f"Der Wert ist nicht vorgesehen; möglich sind {_listed(found['options'])}.",
    "const": lambda found: f"Hier muss „{found['expected_value']}“ stehen.",
    "pattern": lambda found: f"Der Wert hat nicht die verlangte Form; sie lautet {found['pattern']}",
    "format": lambda found: _FORMATS.get(found["format"], "Der Wert hat nicht die verlangte Form."),
    "minLength": lambda found: f"Der Text ist zu kurz; verlangt sind mindestens {found['limit']} Zeichen.",
    "maxLength": lambda found: f"Der Text ist zu lang; erlaubt sind {found['limit']} Zeichen.",
    "minimum": lambda found: f"Der Wert ist zu klein; mindestens {found['limit']}.",
    "maximum": lambda found: f"Der Wert ist zu groß; höchstens {found['limit']}.",
    "minItems": lambda found: f"Die Liste ist zu kurz; verlangt sind mindestens {found['limit']} Einträge.",
    "maxItems": lambda found: f"Die Liste ist zu lang; erlaubt sind {found['limit']} Einträge.",
}

_MODEL = {"valid_until must be after valid_from": "Das Ende (valid_until) muss nach dem Beginn (valid_from) liegen."}


def of_keyword(keyword: str, found: Mapping[str, Any]) -> str:
    """Say what a keyword of JSON Schema finds wrong; `found` is what the schema asks for."""
    words = KEYWORDS.get(keyword)
    return words(found) if words else "Der Wert ist so nicht zulässig."


def of_model(kind: str, reason: str) -> str:
    """Say what a model finds wrong beyond the schema."""
    if kind.startswith("datetime"):
        return _FORMATS["date-time"]
    if kind.startswith("date"):
        return _FORMATS["date"]
    return _MODEL.get(reason.removeprefix("Value error, "), "Der Wert ist so nicht zulässig.")
