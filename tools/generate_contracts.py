"""`python tools/generate_contracts.py [--check]`: schemas, AsyncAPI and missing examples from catalogue and topology.

With `--check` nothing is written; the status is 1 when what is committed is not what would be generated.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

sys.path.insert(0, str(Path(__file__).parents[1]))

from contracts.base import CloudEvent, Message
from contracts.catalogue import CATALOGUE
from contracts.topology import DURABLES, PUBLISHERS

CONTRACTS = Path(__file__).parents[1] / "contracts"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SAMPLE_TIME = "2026-03-02T09:00:00Z"


def schema_of(message: type[Message]) -> dict[str, Any]:
    """JSON Schema 2020-12 of the envelope with this message in it, as it is sent."""
    schema = CloudEvent[message].model_json_schema(mode="serialization")
    schema["properties"]["type"]["const"] = message.event_type()
    schema["title"] = message.__name__
    schema["description"] = message.__doc__ or ""
    return {"$schema": DIALECT, "$id": f"{message.subject}.json", **schema}


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0: a channel for each message, an operation for each sender and each durable."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Digitales Rathaus",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in structured JSON on NATS JetStream.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "channels": {message.__name__: _channel(message) for message in CATALOGUE},
        "operations": _operations(),
        "components": {"messages": {message.__name__: _message(message) for message in CATALOGUE}},
    }


def _channel(message: type[Message]) -> dict[str, Any]:
    reference = {"$ref": f"#/components/messages/{message.__name__}"}
    return {"address": message.subject, "messages": {message.__name__: reference}}


def _message(message: type[Message]) -> dict[str, Any]:
    example = CONTRACTS / "examples" / f"{message.subject}.json"
    return {
        "name": message.event_type(),
        "summary": message.__doc__ or "",
        "contentType": "application/json",
        "payload": {"$ref": f"./schemas/{message.subject}.json"},
        "examples": [{"payload": json.loads(example.read_text("utf-8"))}] if example.exists() else [],
    }


def _operations() -> dict[str, Any]:
    sending = {
        f"{sender}.sends.{message.__name__}": _operation("send", sender, message)
        for message, senders in PUBLISHERS.items()
        for sender in senders
    }
    receiving = {
        f"{each.name}.receives.{message.__name__}": {
            **_operation("receive", each.identity, message),
            "bindings": {"nats": {"queue": each.name}},
        }
        for each in DURABLES
        for message in each.messages
    }
    return sending | receiving


def _operation(action: str, identity: str, message: type[Message]) -> dict[str, Any]:
    channel = f"#/channels/{message.__name__}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{message.__name__}"}],
        "tags": [{"name": identity}],
    }


def sample(message: type[Message]) -> dict[str, Any]:
    """Make a first example from the schema, for somebody to put better values in."""
    schema = schema_of(message)
    return _value("event", schema, schema.get("$defs", {}))


def _value(name: str, schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    schema = definitions.get(schema.get("$ref", "").rpartition("/")[2], schema)
    stated = schema.get("const", schema.get("default", schema.get("enum", [None])[0]))
    if stated is not None:
        return stated
    if schema["type"] == "object":
        return {key: _value(key, value, definitions) for key, value in schema["properties"].items()}
    if schema["type"] == "array":
        return [_value(name, schema["items"], definitions)]
    by_kind: dict[str, Any] = {
        "uuid": str(uuid5(NAMESPACE_URL, name)),
        "date-time": SAMPLE_TIME,
        "integer": schema.get("minimum", 1),
        "boolean": False,
    }
    return by_kind.get(schema.get("format", schema["type"]), name)


def generated() -> dict[Path, str]:
    """Every file with the text that it should have; examples that exist are left as they are."""
    files = {CONTRACTS / "schemas" / f"{message.subject}.json": _json(schema_of(message)) for message in CATALOGUE}
    for message in CATALOGUE:
        example = CONTRACTS / "examples" / f"{message.subject}.json"
        files[example] = example.read_text("utf-8") if example.exists() else _json(sample(message))
    files[CONTRACTS / "asyncapi.json"] = _json(asyncapi())
    return files


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def stale(files: dict[Path, str]) -> list[Path]:
    """Return what is missing, differs or is there without a message."""
    differing = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    present = {path for folder in ("schemas", "examples") for path in (CONTRACTS / folder).glob("*.json")}
    return sorted([*differing, *(present - set(files))])


def main(arguments: list[str]) -> int:
    """Write, or with `--check` only compare."""
    if "--check" in arguments:
        found = stale(generated())
        for path in found:
            print(f"stale: {path.relative_to(CONTRACTS.parent)}")
        return 1 if found else 0
    for _ in range(2):  # AsyncAPI quotes the examples
        files = generated()
        for path in stale(files):
            if path in files:
                path.write_text(files[path], "utf-8")
            else:
                path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
