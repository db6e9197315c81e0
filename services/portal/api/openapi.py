"""The public interface as OpenAPI 3.1, from the same models that answer."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from services.portal.api.openapi_appointments import MODELS, paths
from services.portal.gateways.models import Incident, Pool

_REF = "#/components/schemas/{model}"
_CACHE = "Cacheable for ten seconds; ask again with If-None-Match."


def description(server: str) -> dict[str, Any]:
    """Return the document."""
    _, schemas = models_json_schema(
        [(each, "serialization") for each in (Pool, Incident, *MODELS)], by_alias=True, ref_template=_REF
    )
    models = dict(schemas["$defs"])
    models["Incident"]["properties"] |= {"ended": {"type": "boolean"}, "mistaken": {"type": "boolean"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Digitales Rathaus",
            "version": "1.0.0",
            "description": f"Pools, public messages and appointments of the town. No key is needed. {_CACHE}",
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/pools": {"get": _operation("All pools", _many("Pool"))},
            "/api/pools/{pool}": {"get": _operation("One pool", _one("Pool"), _in_path("pool"))},
            "/api/news": {"get": _operation("Public messages, newest first", _many("Incident"), *_FILTERS)},
            "/api/news/{incident}": {
                "get": _operation("One message with its history", _one("Incident"), _in_path("incident"))
            },
            **paths(_REF),
        },
        "components": {"schemas": models},
    }


_FILTERS: tuple[dict[str, Any], ...] = (
    {"name": "topic", "in": "query", "schema": {"type": "string"}, "example": "pool.freibad-tangerhuette"},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
)


def _operation(summary: str, schema: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
        "304": {"description": "Nothing has changed"},
        "503": {"description": "Not available right now; try again later"},
    }
    if parameters:
        answers["404"] = {"description": "There is none"}
    return {"summary": summary, "parameters": list(parameters), "responses": answers}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _one(model: str) -> dict[str, Any]:
    return {"$ref": _REF.format(model=model)}


def _many(model: str) -> dict[str, Any]:
    return {"type": "array", "items": _one(model)}
