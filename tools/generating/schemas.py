"""JSON Schema 2020-12 of everything that travels: ours as it is sent, that of others as it is accepted."""

from __future__ import annotations

from typing import Any

from contracts.base import CloudEvent, Message
from contracts.foreign import Foreign, ForeignEvent
from tools.generating.places import docstring, file_name

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema_of(message: type[Message]) -> Schema:
    """The envelope with this message in it."""
    schema = CloudEvent[message].model_json_schema(mode="serialization")
    return _published(message, schema, docstring(message))


def foreign_schema_of(event: type[Foreign]) -> Schema:
    """The envelope that the doors take in; attributes and fields that it does not name are allowed."""
    schema = ForeignEvent[event].model_json_schema(mode="validation")
    return _published(event, schema, f"{event.german} {docstring(event)}")


def _published(message: type[Message | Foreign], schema: Schema, description: str) -> Schema:
    schema["properties"]["type"]["const"] = message.event_type()
    schema["title"] = message.__name__
    schema["description"] = description
    return {"$schema": DIALECT, "$id": file_name(message), **schema}


def resolved(schema: Schema, definitions: Schema) -> Schema:
    """Return what a reference leads to, or the schema itself."""
    reference: str = schema.get("$ref", "")
    return definitions[reference.rpartition("/")[2]] if reference else schema
