"""Whoever relies on the last release can go on: what breaks that promise is found, and what does not is let through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import ROOT
from tools.check_compatibility import Breach, compare, compare_folders

RELEASED = ROOT / "contracts" / "released"
INCOMING, OUTGOING = "intake.pool_closed.v1.json", "events.subscriptions.pool_closed.v1.json"
Schema = dict[str, Any]


def schema(*, required: tuple[str, ...] = ("pool", "places"), **fields: Schema | None) -> Schema:
    """A message with a nested object behind a reference; None leaves a field out."""
    stated: dict[str, Schema | None] = {
        "pool": {"type": "string", "maxLength": 64, "minLength": 1, "pattern": "^[a-z]+$"},
        "reason": {"enum": ["storm", "staff"], "type": "string"},
        "basis": {"const": "law", "type": "string"},
        "until": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}], "default": None},
        "count": {"type": "integer", "minimum": 0, "maximum": 10},
        "country": {"type": "string", "default": "DE"},
        "places": {"type": "array", "items": {"$ref": "#/$defs/Place"}, "maxItems": 5},
    }
    place = fields.pop("place", None) or {"properties": {"city": {"type": "string"}}, "type": "object"}
    properties = {name: field for name, field in (stated | fields).items() if field is not None}
    data = {"properties": properties, "required": list(required), "type": "object"}
    return {"$defs": {"Data": data, "Place": place}, "properties": {"data": {"$ref": "#/$defs/Data"}}, "type": "object"}


def an_object(**fields: Schema) -> Schema:
    return {"properties": fields, "type": "object"}


TEXT: Schema = {"type": "string"}
POOL: Schema = {"type": "string", "maxLength": 64, "minLength": 1, "pattern": "^[a-z]+$"}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 10}
MOMENT: Schema = {"type": "string", "format": "date-time"}
FORBIDDEN_TO_BOTH: dict[str, tuple[Schema, str]] = {
    "a field is gone": (schema(count=None), "/$defs/Data/properties/count"),
    "a field of a nested object is gone": (schema(place=an_object(town=TEXT)), "/$defs/Place/properties/city"),
    "another type": (schema(count={**COUNT, "type": "number"}), "/$defs/Data/properties/count/type"),
    "another type behind a reference": (
        schema(place=an_object(city={"type": "integer"})),
        "/$defs/Place/properties/city/type",
    ),
    "another target of a reference": (
        schema(places={"type": "array", "items": {"$ref": "#/$defs/Data"}, "maxItems": 5}),
        "/$defs/Place/properties/city",
    ),
    "a list instead of a value": (schema(pool={"type": "array", "items": POOL}), "/$defs/Data/properties/pool/type"),
    "another format": (
        schema(until={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}], "default": None}),
        "/$defs/Data/properties/until/format",
    ),
    "a format where there was none": (
        schema(country={**MOMENT, "default": "DE"}),
        "/$defs/Data/properties/country/format",
    ),
    "another pattern": (schema(pool={**POOL, "pattern": "^[A-Z]+$"}), "/$defs/Data/properties/pool/pattern"),
    "another constant": (schema(basis={"const": "custom", "type": "string"}), "/$defs/Data/properties/basis/const"),
    "a choice less": (schema(reason={"enum": ["storm"], "type": "string"}), "/$defs/Data/properties/reason/enum"),
    "a choice where all was free": (
        schema(country={"enum": ["DE"], "type": "string", "default": "DE"}),
        "/$defs/Data/properties/country/enum",
    ),
    "another default": (schema(country={"type": "string", "default": "AT"}), "/$defs/Data/properties/country/default"),
    "a shorter text": (schema(pool={**POOL, "maxLength": 63}), "/$defs/Data/properties/pool/maxLength"),
    "a longer least text": (schema(pool={**POOL, "minLength": 2}), "/$defs/Data/properties/pool/minLength"),
    "a higher least number": (schema(count={**COUNT, "minimum": 1}), "/$defs/Data/properties/count/minimum"),
    "a lower greatest number": (schema(count={**COUNT, "maximum": 9}), "/$defs/Data/properties/count/maximum"),
    "a limit where there was none": (
        schema(country={"type": "string", "default": "DE", "maxLength": 2}),
        "/$defs/Data/properties/country/maxLength",
    ),
    "a shorter list": (
        schema(places={"type": "array", "items": {"$ref": "#/$defs/Place"}, "maxItems": 4}),
        "/$defs/Data/properties/places/maxItems",
    ),
    "null no longer possible": (schema(until={**MOMENT, "default": None}), "/$defs/Data/properties/until/anyOf"),
    "an optional field is required": (schema(required=("pool", "places", "count")), "/$defs/Data/required"),
    "a new field is required": (schema(lane=TEXT, required=("pool", "places", "lane")), "/$defs/Data/required"),
    "unknown fields are refused": (
        schema(place={**an_object(city=TEXT), "additionalProperties": False}),
        "/$defs/Place/additionalProperties",
    ),
}
FORBIDDEN_TO_US: dict[str, tuple[Schema, str]] = {
    "a required field may be missing": (schema(required=("places",)), "/$defs/Data/required"),
    "a choice more": (
        schema(reason={"enum": ["storm", "staff", "heat"], "type": "string"}),
        "/$defs/Data/properties/reason/enum",
    ),
    "a constant becomes a choice": (
        schema(basis={"enum": ["law", "custom"], "type": "string"}),
        "/$defs/Data/properties/basis/const",
    ),
    "any value where there was a choice": (schema(reason=TEXT), "/$defs/Data/properties/reason/enum"),
    "a longer text": (schema(pool={**POOL, "maxLength": 65}), "/$defs/Data/properties/pool/maxLength"),
    "no limit any more": (schema(count={"type": "integer", "minimum": 0}), "/$defs/Data/properties/count/maximum"),
    "a lower least number": (schema(count={**COUNT, "minimum": -1}), "/$defs/Data/properties/count/minimum"),
    "no pattern any more": (
        schema(pool={"type": "string", "maxLength": 64, "minLength": 1}),
        "/$defs/Data/properties/pool/pattern",
    ),
    "null has become possible": (
        schema(country={"anyOf": [TEXT, {"type": "null"}], "default": "DE"}),
        "/$defs/Data/properties/country/anyOf",
    ),
}
ALLOWED: dict[str, Schema] = {
    "nothing has changed": schema(),
    "an optional field more": schema(lane={"anyOf": [TEXT, {"type": "null"}], "default": None}),
    "an optional field more in a nested object": schema(place=an_object(city=TEXT, street=TEXT)),
    "other words": schema(country={"type": "string", "default": "DE", "title": "Land", "description": "new words"}),
}


def places(found: list[Breach]) -> list[str]:
    return [breach.pointer for breach in found]


def test_the_present_contracts_keep_the_promises_of_the_last_release() -> None:
    found = compare_folders(RELEASED, ROOT / "contracts" / "schemas")

    assert list(RELEASED.glob("*.json"))
    assert [str(breach) for breach in found] == []


@pytest.mark.parametrize("file", [INCOMING, OUTGOING])
@pytest.mark.parametrize(("present", "pointer"), FORBIDDEN_TO_BOTH.values(), ids=FORBIDDEN_TO_BOTH.keys())
def test_this_breaks_senders_and_readers_alike(file: str, present: Schema, pointer: str) -> None:
    found = compare(file, schema(), present)

    assert pointer in places(found)
    assert all(breach.file == file and "v2" in breach.do for breach in found)


@pytest.mark.parametrize(("present", "pointer"), FORBIDDEN_TO_US.values(), ids=FORBIDDEN_TO_US.keys())
def test_this_surprises_readers_and_does_no_harm_to_senders(present: Schema, pointer: str) -> None:
    assert places(compare(OUTGOING, schema(), present)) == [pointer]
    assert compare(INCOMING, schema(), present) == []


@pytest.mark.parametrize("file", [INCOMING, OUTGOING])
@pytest.mark.parametrize("present", ALLOWED.values(), ids=ALLOWED.keys())
def test_this_breaks_nobody(file: str, present: Schema) -> None:
    assert compare(file, schema(), present) == []


def test_a_message_that_is_gone_is_named_and_a_new_one_is_free(tmp_path: Path) -> None:
    released, present = tmp_path / "released", tmp_path / "present"
    for folder, file in ((released, OUTGOING), (present, INCOMING)):
        folder.mkdir()
        (folder / file).write_text(json.dumps(schema()))

    (breach,) = compare_folders(released, present)

    assert (breach.file, breach.what) == (OUTGOING, "this message is gone")


def test_a_schema_that_refers_to_itself_comes_to_an_end() -> None:
    tree = {"$defs": {"Node": an_object(next={"$ref": "#/$defs/Node"})}, "$ref": "#/$defs/Node"}

    assert compare(OUTGOING, tree, tree) == []


def test_a_breach_says_where_what_and_what_to_do() -> None:
    (breach,) = compare(INCOMING, schema(), schema(count=None))

    assert str(breach) == (
        "intake.pool_closed.v1.json#/$defs/Data/properties/count: this field is gone. Leave this version as it was "
        "and give the change a new class and subject with the next version (v2)."
    )
