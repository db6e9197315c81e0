"""Events from the command line: through the same door, with the same check, as those of any other system."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
from pydantic import TypeAdapter, ValidationError

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
_BODY = TypeAdapter(dict[str, Any])
_BEGINNINGS = frozenset({"closed_at", "reopened_at", "valid_from"})


@dataclass(frozen=True, slots=True)
class Door:
    """Where events are handed in, and the key to it."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door said."""

    status: int
    body: dict[str, Any]

    @property
    def accepted(self) -> bool:
        """Whether everything was taken in."""
        return self.status == _ACCEPTED


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
        _put(data, key.split("."), value)
    return {
        "specversion": "1.0",
        "id": event_id or str(uuid4()),
        "source": source,
        "type": model.event_type(),
        "time": now.isoformat(),
        "data": _completed(model, data, now),
    }


def _put(data: dict[str, Any], path: list[str], value: str) -> None:
    *above, last = path
    for each in above:
        data = data.setdefault(each, {})
    data[last] = value


def _completed(model: type[Foreign], data: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Fill in what is now and put digits into the types of the model; what does not fit is left for the door to say."""
    for name, schema in model.model_json_schema()["properties"].items():
        if schema.get("type") == "array" and name in data:
            data[name] = [each.strip() for each in str(data[name]).split(",")]
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


def _body_of(answer: httpx.Response) -> dict[str, Any]:
    try:
        return _BODY.validate_json(answer.content)
    except ValidationError:
        return {}
