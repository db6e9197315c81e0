"""The one check that every event passes, whichever door it came through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from itertools import islice
from typing import Any, cast

from jsonschema_rs import Draft202012Validator
from jsonschema_rs import ValidationError as SchemaError
from pydantic import ValidationError

from contracts.base import event_key
from contracts.foreign import BY_TYPE, FOREIGN, Foreign, ForeignEvent
from contracts.systems import ForeignSystem
from services.intake.domain import words
from services.intake.domain.identity import digest
from services.intake.domain.refusals import MAX_FINDINGS, Finding, Refusal, pointer, refused

FUTURE = timedelta(minutes=5)
PAST = timedelta(days=25)
"""Less than the time for which accepted ids are remembered, so that nothing can come in twice."""
_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data")


@dataclass(frozen=True, slots=True)
class CheckedEvent:
    """An event that may be taken in, as far as its content goes."""

    system: str
    event_id: str
    key: str
    digest: str
    data: Foreign


class Checker:
    """Holds the published schemas, compiled once."""

    def __init__(self) -> None:
        """Read `contracts/schemas/intake.*.json`."""
        schemas = {event.name: _published_schema(event) for event in FOREIGN}
        self._validators = {
            name: Draft202012Validator(schema, validate_formats=True) for name, schema in schemas.items()
        }
        self.known = frozenset(_ATTRIBUTES).union(*(_property_names(schema) for schema in schemas.values()))
        """Every name that a schema has: others may be personal, and are not repeated to anybody."""

    def check(self, event: dict[str, Any], system: ForeignSystem, *, now: datetime) -> CheckedEvent | Refusal:
        """Check one CloudEvent of a system; attributes are there and texts already."""
        model = BY_TYPE.get(event["type"])
        if model is None or model.name not in system.may_send:
            allowed = ", ".join(each.event_type() for each in FOREIGN if each.name in system.may_send)
            return refused("type_not_allowed", ("type",), f"Freigegeben sind: {allowed}"[:300])
        if event["source"] != system.source:
            return refused("foreign_source", ("source",), f"Vereinbart ist: {system.source}"[:300])
        parsed = self._parsed(event, model)
        if isinstance(parsed, Refusal):
            return parsed
        if (pool := getattr(parsed.data, "pool", None)) is not None and not system.runs_pool(pool):
            return refused("pool_not_allowed", ("data", "pool"), "Dieses Bad ist für das System nicht freigegeben.")
        misdated = _misdated(parsed, now)
        if misdated is not None:
            return misdated
        return CheckedEvent(system.name, parsed.id, event_key(parsed.source, parsed.id), digest(event), parsed.data)

    def _parsed(self, event: dict[str, Any], model: type[Foreign]) -> ForeignEvent[Foreign] | Refusal:
        errors = self._validators[model.name].iter_errors(event)
        findings = tuple(islice(self._findings(errors), MAX_FINDINGS))
        if findings:
            return Refusal("invalid", findings)
        try:
            return ForeignEvent[model].model_validate(event)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)[:MAX_FINDINGS]
            return Refusal(
                "invalid",
                tuple(Finding(self._pointer(each["loc"]), words.of_model(each["type"], each["msg"])) for each in found),
            )
        except OverflowError:
            return refused("invalid", (), "Ein Zeitpunkt liegt außerhalb des Kalenders (Jahre 1 bis 9999, UTC).")

    def _findings(self, errors: Iterable[SchemaError]) -> Iterable[Finding]:
        for error in errors:
            asked: Mapping[str, Any] = error.kind.as_dict()
            if error.kind.name == "anyOf":
                yield from self._findings(_closest(asked["context"]))
                continue
            path = [*error.instance_path, *([asked["property"]] if error.kind.name == "required" else [])]
            yield Finding(self._pointer(path), words.of_keyword(error.kind.name, asked)[:300])

    def _pointer(self, path: Iterable[str | int]) -> str:
        return pointer(list(path), known=self.known)


def _misdated(event: ForeignEvent[Foreign], now: datetime) -> Refusal | None:
    if not now - PAST <= event.time <= now + FUTURE:
        return refused("clock", ("time",), _CLOCK)
    happened = event.data.happened
    if happened is not None and getattr(event.data, happened) > now + FUTURE:
        return refused("clock", ("data", happened), "Was geschehen ist, kann nicht in der Zukunft liegen.")
    return None


def _closest(branches: list[list[SchemaError]]) -> list[SchemaError]:
    """Of the alternatives, nearly always a value or null, take the one that the value was meant to be."""
    meant = [branch for branch in branches if any(error.kind.name != "type" for error in branch)]
    return (meant or branches)[0]


def _published_schema(event: type[Foreign]) -> dict[str, Any]:
    path = resources.files("contracts").joinpath("schemas", f"intake.{event.name}.json")
    return json.loads(path.read_text("utf-8"))


def _property_names(schema: Any) -> set[str]:
    match schema:
        case dict():
            nodes = cast("dict[str, Any]", schema)
            own = set[str](nodes.get("properties", {}))
            return own.union(*(_property_names(node) for node in nodes.values()))
        case list():
            items = cast("list[Any]", schema)
            return set[str]().union(*(_property_names(item) for item in items))
        case _:
            return set()


_CLOCK = "Höchstens 5 Minuten in der Zukunft und 25 Tage in der Vergangenheit. Bitte die Uhr des Systems prüfen."
