"""Events from the command line: through the same door, with the same check, as those of any other system."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.clock import utc_now
from contracts.foreign import FOREIGN, Foreign
from rathaus.doors.systems import SystemsError, names_of

PATIENCE_SECONDS = 30.0
_TIMEOUT_SECONDS = 10.0
_PAUSE_SECONDS = 0.5
_ACCEPTED = 202
_TRY_AGAIN = frozenset({502, 503, 504})
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_BEGINNINGS = frozenset({"closed_at", "reopened_at", "valid_from"})


@dataclass(frozen=True, slots=True)
class Door:
    """Where events are handed in, and the key to it."""

    url: str
    key: str


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Taken(_Part):
    """An event that was taken in, now or before."""

    id: str
    outcome: Literal["accepted", "duplicate"]


class Finding(_Part):
    """What is wrong with an event, and where."""

    pointer: str
    message: str


class Said(_Part):
    """The body of an answer; empty when somebody else than a town hall's door has answered."""

    events: tuple[Taken, ...] = ()
    title: str = ""
    detail: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door said."""

    status: int
    body: Said

    @property
    def accepted(self) -> bool:
        """Whether everything was taken in."""
        return self.status == _ACCEPTED and bool(self.body.events)


def event_from_fields(name: str, fields: Iterable[str], *, source: str, event_id: str | None) -> dict[str, Any]:
    """Build an event from `key=value` pairs; dots lead into nested fields, an instant not given is now."""
    (full,) = names_of([name])
    model = next(each for each in FOREIGN if each.name == full)
    now = utc_now()
    data: dict[str, Any] = {}
    for pair in fields:
        key, equals, value = pair.partition("=")
        if not equals:
            raise SystemsError("no_pair", pair=pair)
        if key.split(".")[0] not in model.model_fields:
            raise SystemsError("no_such_field", field=key, known=", ".join(model.model_fields))
        if not _put(data, key.split("."), value):
            raise SystemsError("pairs_clash", pair=pair)
    return {
        "specversion": "1.0",
        "id": event_id or str(uuid4()),
        "source": source,
        "type": model.event_type(),
        "time": now.isoformat(),
        "data": _completed(model, data, now),
    }


def _put(data: dict[str, Any], path: list[str], value: str) -> bool:
    """Put a value at its place; False when another pair makes it a field and this one a group, or the reverse."""
    *above, last = path
    for each in above:
        below: dict[str, Any] | str = data.setdefault(each, {})
        if isinstance(below, str):
            return False
        data = below
    if not isinstance(data.get(last, ""), str):
        return False
    data[last] = value
    return True


def _completed(model: type[Foreign], data: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Fill in what is now and put digits into the types of the model; what does not fit is left for the door to say."""
    for name, schema in model.model_json_schema()["properties"].items():
        if schema.get("type") == "array" and isinstance(data.get(name), str):
            data[name] = [each.strip() for each in data[name].split(",")]
        elif name in _BEGINNINGS:
            data.setdefault(name, now.isoformat())
    try:
        return model.model_validate(data).model_dump(mode="json", exclude_unset=True)
    except ValidationError:
        return data


async def hand_in(door: Door, content: bytes) -> Answer:
    """Hand in one event or a batch; repeated while the door is away, which the event's id makes harmless."""
    media_type = BATCH if content.lstrip().startswith(b"[") else STRUCTURED
    headers = {"authorization": f"Bearer {door.key}", "content-type": media_type}
    deadline = monotonic() + PATIENCE_SECONDS
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        while True:
            try:
                answer = await client.post(f"{door.url.rstrip('/')}/events", content=content, headers=headers)
            except httpx.TransportError:
                if monotonic() > deadline:
                    raise
            else:
                if answer.status_code not in _TRY_AGAIN or monotonic() > deadline:
                    return Answer(answer.status_code, _body_of(answer))
            await asyncio.sleep(_PAUSE_SECONDS)


def _body_of(answer: httpx.Response) -> Said:
    try:
        return Said.model_validate_json(answer.content)
    except ValidationError:
        return Said()
