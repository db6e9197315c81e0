"""The HTTP interface as an OpenAPI 3.1 document, written by hand and held true by a test."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from contracts.foreign import EVENT_ID, FOREIGN
from services.intake.domain.binding import BATCH, JSON, STRUCTURED
from services.intake.domain.limits import BYTES_PER_TOKEN, MAX_BATCH_EVENTS
from services.intake.domain.refusals import REFUSALS

PROBLEM_JSON = "application/problem+json"
_NATS_ONLY = {"unknown_system"}


def document() -> dict[str, Any]:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Digitales Rathaus: intake",
            "version": "1.0.0",
            "description": "The HTTP door for the systems of other offices. Over NATS the same events are "
            "published on intake.<system>.events; see /asyncapi.json.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "paths": {
            "/events": {"post": _post_events()},
            "/reports/{report_id}": {"get": _get_report()},
            "/systems": {"get": _get_systems()},
            "/": {"get": {"operationId": "start", "responses": {"307": {"description": "to the catalogue"}}}},
            "/catalogue": {"get": _page("catalogue", "text/html")},
            "/catalogue.js": {"get": _page("catalogueScript", "text/javascript")},
            "/catalogue.css": {"get": _page("catalogueStyle", "text/css")},
            "/asyncapi.json": {"get": _page("asyncapi", JSON)},
            "/openapi.json": {"get": _page("openapi", JSON)},
            "/schemas/{name}": {"get": _get_schema()},
        },
        "components": {"securitySchemes": _security(), "schemas": _schemas()},
    }


def _post_events() -> dict[str, Any]:
    event: dict[str, Any] = {"schema": {"oneOf": [{"$ref": _foreign(each.name)} for each in FOREIGN]}}
    binary: dict[str, Any] = {"schema": {"type": "object", "description": "the data alone; attributes in ce-* headers"}}
    batch: dict[str, Any] = {
        "schema": {"type": "array", "items": event["schema"]},
    }
    statuses = sorted({status for code, (status, _) in REFUSALS.items() if code not in _NATS_ONLY})
    return {
        "operationId": "sendEvents",
        "summary": "Send one event or a batch; answered when they are stored",
        "description": "A repeat of an accepted event is answered with the outcome duplicate. "
        f"A batch of at most {MAX_BATCH_EVENTS} is taken in as a whole or not at all. "
        f"The agreed rate counts requests, the events of a batch, and each {BYTES_PER_TOKEN // 1024} KiB beyond "
        "the first.",
        "security": [{"apiKey": []}],
        "requestBody": {
            "required": True,
            "content": {
                STRUCTURED: event,
                BATCH: batch,
                JSON: {"schema": {"anyOf": [event["schema"], binary["schema"]]}},
            },
        },
        "responses": {
            "202": {
                "description": "stored; each event with its outcome",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Accepted"}}},
            },
            **{str(status): _refused(status) for status in statuses},
            "503": _problem(
                "the database or the systems file is away, or the service starts", headers=("Retry-After",)
            ),
        },
    }


def _refused(status: int) -> dict[str, Any]:
    codes = {code: title for code, (each, title) in REFUSALS.items() if each == status and code not in _NATS_ONLY}
    headers = {429: ("Retry-After",), 401: ("WWW-Authenticate",)}.get(status, ())
    described = "; ".join(f"{code}: {title}" for code, title in codes.items())
    return _problem(described, schema="Refusal", headers=headers)


def _problem(description: str, *, schema: str = "Problem", headers: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {name: {"schema": {"type": "string"}} for name in headers},
        "content": {PROBLEM_JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _get_report() -> dict[str, Any]:
    return {
        "operationId": "fetchReport",
        "summary": "Fetch the body of a report; for the service notices",
        "security": [{"serviceToken": []}],
        "parameters": [_path_parameter("report_id", {"type": "string", "format": "uuid"})],
        "responses": {
            "200": {
                "description": "the report",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Report"}}},
            },
            "401": _problem("unknown caller"),
            "404": _problem("no such report"),
            "410": _problem("fetched, and erased since"),
            "503": _problem("the database is away, or the service starts", headers=("Retry-After",)),
        },
    }


def _get_systems() -> dict[str, Any]:
    return {
        "operationId": "listSystems",
        "summary": "How the registered systems are doing; for the command rathaus",
        "security": [{"serviceToken": []}],
        "responses": {
            "200": {
                "description": "every registered system",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/Systems"}}},
            },
            "401": _problem("unknown caller"),
            "503": _problem("the database is away, or the service starts", headers=("Retry-After",)),
        },
    }


def _get_schema() -> dict[str, Any]:
    return {
        "operationId": "schema",
        "summary": "The JSON Schema of one message",
        "parameters": [_path_parameter("name", {"type": "string", "minLength": 1})],
        "responses": {
            "200": {
                "description": "the schema",
                "content": {"application/schema+json": {"schema": {"type": "object"}}},
            },
            "404": _problem("no such schema"),
            "503": _problem("the service starts", headers=("Retry-After",)),
        },
    }


def _page(operation: str, media_type: str) -> dict[str, Any]:
    return {
        "operationId": operation,
        "responses": {
            "200": {"description": "the file", "content": {media_type: {}}},
            "503": _problem("the service starts", headers=("Retry-After",)),
        },
    }


def _path_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _foreign(name: str) -> str:
    return f"#/components/schemas/{name}"


def _foreign_schemas() -> dict[str, Any]:
    """Return the published schemas with their definitions beside them, so that the document stands alone."""
    found: dict[str, Any] = {}
    for event in FOREIGN:
        path = resources.files("contracts").joinpath("schemas", f"intake.{event.name}.json")
        text = path.read_text("utf-8").replace('"#/$defs/', f'"#/components/schemas/{event.name}.')
        schema = json.loads(text)
        found |= {f"{event.name}.{name}": each for name, each in schema.pop("$defs", {}).items()}
        found[event.name] = {name: value for name, value in schema.items() if name not in {"$schema", "$id"}}
    return found


def _security() -> dict[str, Any]:
    return {
        "apiKey": {"type": "http", "scheme": "bearer", "description": "rathaus_<system>_<key id>_<secret>"},
        "serviceToken": {"type": "http", "scheme": "bearer", "description": "token of a service of the town hall"},
    }


def _object(properties: dict[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _schemas() -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    count: dict[str, Any] = {"type": "integer", "minimum": 0}
    problem: dict[str, Any] = {"type": text, "title": text, "detail": text, "status": {"type": "integer"}}
    codes = sorted(code for code in REFUSALS if code not in _NATS_ONLY)
    finding = _object({"pointer": text, "message": text})
    event = _object({"id": {"type": "string", "pattern": EVENT_ID}, "outcome": {"enum": ["accepted", "duplicate"]}})
    system = _object({"name": text, "accepted_today": count, "daily_quota": count, "waiting_reports": count})
    return {
        **_foreign_schemas(),
        "Accepted": _object({"events": {"type": "array", "items": event}}),
        "Problem": _object(problem),
        "Refusal": _object(
            {**problem, "code": {"enum": codes}, "findings": {"type": "array", "maxItems": 20, "items": finding}}
        ),
        "Report": _object(
            {
                "kind": {"enum": [each.name for each in FOREIGN if each.personal]},
                "system": text,
                "received_at": {"type": "string", "format": "date-time"},
                "body": {"type": "object"},
            }
        ),
        "Systems": _object({"systems": {"type": "array", "items": system}}),
    }
