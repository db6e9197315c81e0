"""Examples: a first one made from the schema, for somebody to put better values in."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pydantic import ValidationError

from contracts.base import Message, envelope
from contracts.foreign import Foreign
from tools.generating.places import CONTRACTS, file_name, json_text
from tools.generating.schemas import Schema, foreign_schema_of, resolved, schema_of

SAMPLE_TIME = "2026-03-02T09:00:00Z"


def path_of(message: type[Message | Foreign]) -> Path:
    """Where the example of a message lies."""
    return CONTRACTS / "examples" / file_name(message)


def example_text(message: type[Message]) -> str:
    """The committed example, with the id and the type that follow from its content; or a first one."""
    path = path_of(message)
    if not path.exists():
        return json_text(_sample(schema_of(message)))
    value = json.loads(path.read_text("utf-8"))
    try:
        event = envelope(
            message.model_validate_json(json.dumps(value["data"])),
            source=value["source"],
            aggregate=value["subject"],
            sequence=value["sequence"],
            time=datetime.fromisoformat(value["time"]),
        )
    except (KeyError, ValidationError) as error:
        explanation = f"contracts/examples/{path.name} is no {message.__name__}: {error}"
        raise SystemExit(explanation) from None
    return json_text(json.loads(event.model_dump_json()))


def foreign_example_text(event: type[Foreign]) -> str:
    """The committed example as it is, for its id is its sender's choice; or a first one."""
    path = path_of(event)
    return path.read_text("utf-8") if path.exists() else json_text(_sample(foreign_schema_of(event)))


def _sample(schema: Schema) -> Any:
    return _value("event", schema, schema.get("$defs", {}))


def _value(name: str, schema: Schema, definitions: Schema) -> Any:
    schema = resolved(schema, definitions)
    stated = schema.get("const", schema.get("default", schema.get("enum", [None])[0]))
    if stated is not None:
        return stated
    if "anyOf" in schema:
        return _value(name, schema["anyOf"][0], definitions)
    if schema["type"] == "object":
        return {key: _value(key, value, definitions) for key, value in schema["properties"].items()}
    if schema["type"] == "array":
        return [_value(name, schema["items"], definitions)]
    by_kind: dict[str, Any] = {
        "uuid": str(uuid5(NAMESPACE_URL, name)),
        "date-time": SAMPLE_TIME,
        "date": SAMPLE_TIME[:10],
        "integer": schema.get("minimum", 1),
        "boolean": False,
    }
    return by_kind.get(schema.get("format", schema["type"]), name)
