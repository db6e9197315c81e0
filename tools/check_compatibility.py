"""`python tools/check_compatibility.py`: whether everybody who relies on the last release can go on as before.

Compares `contracts/released` with `contracts/schemas`; the status is 1 when something breaks a promise. What others
send in may only become wider. What we say must stay as it is but for optional fields: readers rely on the limits they
know, and messages that are stored already must still be understood.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).parents[1] / "contracts"
NEW_VERSION = "Leave this version as it was and give the change a new class and subject with the next version (v2)."
END_OF_LIFE = "Keep it beside its successor; after its end date delete it from contracts/released in the same commit."
ANNOTATIONS = {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "deprecated"}
STRUCTURE = {"$ref", "anyOf", "properties", "required", "items"}
VALUES = {"const", "enum", "default"}
EXACT = ("type", "format", "pattern")
UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
KNOWN = ANNOTATIONS | STRUCTURE | VALUES | {*EXACT, *UPPER, *LOWER}
Schema = dict[str, Any]


class Direction(Enum):
    """Who relies on a schema: those who send by it, or those who read by it."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken promise, where it is, and what to do instead."""

    file: str
    pointer: str
    what: str
    do: str = NEW_VERSION

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}: {self.what}. {self.do}"


def direction_of(file: str) -> Direction:
    """What others send in is named `intake.*`."""
    return Direction.INCOMING if file.startswith("intake.") else Direction.OUTGOING


def compare(file: str, released: Schema, present: Schema) -> list[Breach]:
    """Return every promise of one released schema that the present one breaks."""
    return list(_Comparison(file, direction_of(file), released, present).walk(released, present, ""))


def compare_folders(released: Path, present: Path) -> list[Breach]:
    """Compare every released schema; what is new is free."""
    found: list[Breach] = []
    for path in sorted(released.glob("*.json")):
        now = present / path.name
        if now.exists():
            found += compare(path.name, json.loads(path.read_text("utf-8")), json.loads(now.read_text("utf-8")))
        else:
            found.append(Breach(path.name, "", "this message is gone", END_OF_LIFE))
    return found


@dataclass
class _Comparison:
    file: str
    direction: Direction
    released: Schema
    present: Schema
    _seen: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def walk(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        """Compare two places, behind their references."""
        references = (old.get("$ref", ""), new.get("$ref", ""))
        if all(references):
            if references in self._seen:
                return
            self._seen.add(references)
        pointer = references[0].removeprefix("#") or pointer
        old, new = _resolved(old, self.released), _resolved(new, self.present)
        yield from self._defaults(old, new, pointer)
        if "anyOf" in old or "anyOf" in new:
            yield from self._variants(old, new, pointer)
        else:
            yield from self._plain(old, new, pointer)

    def _breach(self, pointer: str, what: str) -> Breach:
        return Breach(self.file, pointer, what)

    def _defaults(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        if "default" in old and "default" in new and old["default"] != new["default"]:
            yield self._breach(f"{pointer}/default", f"leaving it out meant {old['default']!r} and now something else")

    def _variants(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        """Pair the alternatives by their type."""
        before = [_resolved(each, self.released) for each in old.get("anyOf", [old])]
        after = [_resolved(each, self.present) for each in new.get("anyOf", [new])]
        for variant in list(before):
            partner = next((each for each in after if each.get("type") == variant.get("type")), None)
            if partner is not None:
                before.remove(variant)
                after.remove(partner)
                yield from self._plain(variant, partner, pointer)
        for variant in before:
            yield self._breach(f"{pointer}/anyOf", f"{_kind(variant)} is no longer possible")
        if self.direction is Direction.OUTGOING:
            for variant in after:
                yield self._breach(
                    f"{pointer}/anyOf", f"{_kind(variant)} has become possible, which readers do not expect"
                )

    def _plain(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        yield from self._exact(old, new, pointer)
        yield from self._values(old, new, pointer)
        yield from self._limits(old, new, pointer)
        yield from self._properties(old, new, pointer)
        if "items" in old or "items" in new:
            yield from self.walk(old.get("items", {}), new.get("items", {}), f"{pointer}/items")
        for keyword in sorted((set(old) | set(new)) - KNOWN):
            if old.get(keyword) != new.get(keyword):
                yield self._breach(f"{pointer}/{keyword}", "this has changed, and there is no rule that allows it")

    def _exact(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        for keyword in EXACT:
            before, after = old.get(keyword), new.get(keyword)
            dropped = after is None and self.direction is Direction.INCOMING
            if before != after and not dropped:
                yield self._breach(f"{pointer}/{keyword}", f"was {before!r} and is {after!r}")

    def _values(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        """A constant is a choice of one."""
        before, after = _choices(old), _choices(new)
        place = f"{pointer}/{'const' if 'const' in old else 'enum'}"
        if after is not None and (before is None or set(before) - set(after)):
            gone = sorted(set(before or ()) - set(after))
            yield self._breach(place, f"no longer possible: {', '.join(gone) or 'anything but the listed values'}")
        if before is not None and self.direction is Direction.OUTGOING and (after is None or set(after) - set(before)):
            added = sorted(set(after or ()) - set(before))
            yield self._breach(place, f"readers do not expect: {', '.join(added) or 'any value at all'}")

    def _limits(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        for keyword, sign in [(each, 1) for each in UPPER] + [(each, -1) for each in LOWER]:
            before, after = old.get(keyword), new.get(keyword)
            if before == after:
                continue
            narrower = after is not None and (before is None or sign * after < sign * before)
            if narrower or self.direction is Direction.OUTGOING:
                change = "narrower" if narrower else "wider than readers expect"
                yield self._breach(f"{pointer}/{keyword}", f"was {before!r} and is {after!r}, which is {change}")

    def _properties(self, old: Schema, new: Schema, pointer: str) -> Iterator[Breach]:
        before: Schema = old.get("properties", {})
        after: Schema = new.get("properties", {})
        for name, field_before in before.items():
            place = f"{pointer}/properties/{name}"
            if name in after:
                yield from self.walk(field_before, after[name], place)
            else:
                yield self._breach(place, "this field is gone")
        needed, now_needed = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(now_needed - needed):
            lacking = "those who send today" if self.direction is Direction.INCOMING else "stored messages"
            yield self._breach(f"{pointer}/required", f"{name} is required now, and {lacking} may not have it")
        if self.direction is Direction.OUTGOING:
            for name in sorted((needed - now_needed) & set(after)):
                yield self._breach(f"{pointer}/required", f"{name} may be missing now, and readers rely on it")


def _resolved(schema: Schema, document: Schema) -> Schema:
    """Follow a reference; what stands beside it counts too."""
    reference: str = schema.get("$ref", "")
    if not reference:
        return schema
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**_resolved(target, document), **beside}


def _kind(schema: Schema) -> str:
    return str(schema.get("type") or schema.get("const") or "a value")


def _choices(schema: Schema) -> list[str] | None:
    if "const" in schema:
        return [json.dumps(schema["const"], ensure_ascii=False)]
    values = schema.get("enum")
    return [json.dumps(value, ensure_ascii=False) for value in values] if values is not None else None


def main() -> int:
    """Print every breach."""
    found = compare_folders(CONTRACTS / "released", CONTRACTS / "schemas")
    for breach in found:
        print(breach)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
