"""The fields of a schema in words, for the catalogue page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.generating.schemas import Schema, resolved

FORMATS = {
    "uuid": "Kennung (UUID)",
    "date": "Datum (JJJJ-MM-TT)",
    "date-time": "Zeitpunkt mit Zeitzone (RFC 3339)",
}
PLAIN = {"string": "Text", "integer": "ganze Zahl", "number": "Zahl", "boolean": "ja oder nein (true, false)"}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field; a field of a nested object is named `outer.inner`."""

    name: str
    kind: str
    required: bool
    description: str


def rows(schema: Schema, definitions: Schema, prefix: str = "") -> Iterator[FieldRow]:
    """Every field of an object and, after it, those of the objects in it."""
    required: list[str] = schema.get("required", [])
    for name, field in schema["properties"].items():
        stated = _without_null(field)
        inner = resolved(stated, definitions)
        yield FieldRow(
            name=prefix + name,
            kind=in_words(inner, definitions),
            required=name in required,
            description=field.get("description") or inner.get("description", ""),
        )
        listed = resolved(inner.get("items", {}), definitions)
        for nested, path in ((inner, f"{prefix}{name}."), (listed, f"{prefix}{name}[].")):
            if "properties" in nested:
                yield from rows(nested, definitions, path)


def in_words(schema: Schema, definitions: Schema) -> str:
    """Say in German what a value may be; backticks mark code."""
    if "const" in schema:
        return f"immer „{schema['const']}“"
    if "enum" in schema:
        return "eines von: " + ", ".join(str(value) for value in schema["enum"])
    kind = schema.get("type", "")
    if kind == "array":
        items = in_words(resolved(schema["items"], definitions), definitions)
        return f"Liste{_at_most(schema, 'maxItems', 'Einträge')}; Eintrag: {items}"
    if kind == "object":
        return "Objekt"
    word = FORMATS.get(schema.get("format", "")) or PLAIN[kind]
    pattern = f", Muster `{schema['pattern']}`" if "pattern" in schema else ""
    return word + _range(schema) + _at_most(schema, "maxLength", "Zeichen") + pattern


def _without_null(field: Schema) -> Schema:
    stated = [each for each in field.get("anyOf", []) if each.get("type") != "null"]
    return stated[0] if stated else field


def _range(schema: Schema) -> str:
    lowest = f" ab {schema['minimum']}" if "minimum" in schema else ""
    return lowest + (f" bis {schema['maximum']}" if "maximum" in schema else "")


def _at_most(schema: Schema, keyword: str, unit: str) -> str:
    return f", höchstens {schema[keyword]} {unit}" if keyword in schema else ""
