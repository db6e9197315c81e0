"""The public interface of the appointments as OpenAPI 3.1, from the same models that answer."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from services.portal.gateways.visits import Availability, FreeBusy, Office, Service

MODELS: tuple[type[BaseModel], ...] = (Office, Service, Availability, FreeBusy)
_JSON = "application/json"


def paths(ref: str) -> dict[str, Any]:
    """Return the addresses; `ref` says where a model stands."""
    one = {each.__name__: {"$ref": ref.format(model=each.__name__)} for each in MODELS}
    many = {name: {"type": "array", "items": each} for name, each in one.items()}
    return {
        "/api/termine/offices": _get("All offices", _JSON, many["Office"]),
        "/api/termine/services": _get("What one can come for", _JSON, many["Service"]),
        "/api/termine/availability": _get(
            "Free times of one office", _JSON, one["Availability"], _OFFICE, _ITEMS, _FROM, _DAYS
        ),
        "/api/termine/free-busy": _get(
            "When the resources of an office are taken", _JSON, one["FreeBusy"], _OFFICE, _FROM, _DAYS
        ),
        "/api/termine/free-busy.ics": _get(
            "The same as a calendar (VFREEBUSY)", "text/calendar", {"type": "string"}, _OFFICE
        ),
    }


def _get(summary: str, media_type: str, schema: dict[str, Any], *parameters: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "200": {"description": summary, "content": {media_type: {"schema": schema}}},
        "304": {"description": "Nothing has changed"},
        "503": {"description": "Not available right now; try again later"},
    }
    if parameters:
        answers["422"] = {"description": "There is no such office or service, or the office does not offer it"}
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": answers}}


def _query(name: str, schema: dict[str, Any], example: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema, "example": example}


_TEXT: dict[str, Any] = {"type": "string"}
_OFFICE = _query("office", _TEXT, "buergerbuero", required=True)
_ITEMS = _query("items", _TEXT, "personalausweis:2,ummeldung:1", required=True)
_FROM = _query("from", {"type": "string", "format": "date"}, "2026-12-01")
_DAYS = _query("days", {"type": "integer", "minimum": 1, "maximum": 92, "default": 14}, "14")
