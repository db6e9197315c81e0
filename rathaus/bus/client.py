"""The caretaker as the command sees it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.topology import CARETAKER
from rathaus.embedded.hall import TownHall
from rathaus.levy.client import Service

_TIMEOUT_SECONDS = 120.0
PAGE = 1000


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Letter(_Answer):
    """A dead letter; only one that is shown alone has a body."""

    number: int
    durable: str
    subject: str
    event_type: str | None
    event_key: str
    reason: str
    attempts: int
    first_at: datetime | None
    last_at: datetime | None
    buried_at: datetime
    kept: bool
    traceparent: str | None
    body: Any = None
    body_note: str | None = None


class Durable(_Answer):
    """A consumer and what its stream still holds."""

    name: str
    identity: str
    pending: int
    ack_pending: int
    rebuildable: bool
    stream_whole: bool
    stream_created_at: datetime
    stream_oldest_at: datetime | None

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self.pending and not self.ack_pending


class Redelivered(_Answer):
    """A letter that is on its way again."""

    durable: str
    sequence: int


class Redeliveries(_Answer):
    """Many letters that are on their way again; what dies again has a number above `last_number`."""

    redelivered: int
    bodies_gone: tuple[int, ...]
    last_number: int


class Standing(_Answer):
    """What has become of a redelivery."""

    state: Literal["waiting", "handled", "dead"]
    number: int | None
    reason: str | None


class Replayed(_Answer):
    """What a replay has sent."""

    published: int
    stream_whole: bool
    stream_oldest_at: datetime | None
    last_number: int


_LETTERS = TypeAdapter(tuple[Letter, ...])
_DURABLES = TypeAdapter(tuple[Durable, ...])


class Caretaker:
    """Dead letters and the past of the streams."""

    def __init__(self, hall: TownHall, client: httpx.AsyncClient) -> None:
        """Call nothing yet."""
        self._hall = hall
        self._client = client
        self._service = Service(hall, CARETAKER, client)

    async def letters(
        self, durable: str | None = None, reason: str | None = None, *, after: int = 0, limit: int = PAGE
    ) -> tuple[Letter, ...]:
        """Return dead letters, oldest first."""
        wanted = {"durable": durable, "reason": reason, "after": after, "limit": limit}
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        return _LETTERS.validate_json(await self._service.get(f"/dead-letters?{query}"))

    async def letter(self, number: int) -> Letter:
        """Return one with its body."""
        return Letter.model_validate_json(await self._service.get(f"/dead-letters/{number}"))

    async def redeliver(self, number: int) -> Redelivered:
        """Send one to its consumer again."""
        answer = await self._service.call("POST", f"/dead-letters/{number}/redelivery")
        return Redelivered.model_validate_json(answer)

    async def redeliver_all(self, durable: str, reason: str | None) -> Redeliveries:
        """Send all of a consumer again."""
        body = {"durable": durable, "reason": reason}
        return Redeliveries.model_validate_json(await self._service.call("POST", "/dead-letters/redelivery", json=body))

    async def standing(self, sent: Redelivered, *, after: int) -> Standing:
        """Ask what has become of a redelivery."""
        path = f"/redeliveries/{sent.durable}/{sent.sequence}?after={after}"
        return Standing.model_validate_json(await self._service.get(path))

    async def discard(self, number: int, *, by: str, reason: str) -> None:
        """Give one up for good."""
        query = urlencode({"by": by, "reason": reason})
        await self._service.call("DELETE", f"/dead-letters/{number}?{query}")

    async def replay(self, durable: str, since: datetime | None) -> Replayed:
        """Send the past to a consumer; this client's repeated calls send nothing twice."""
        body = {"durable": durable, "since": since.isoformat() if since else None}
        return Replayed.model_validate_json(await self._service.call("POST", "/replays", json=body))

    async def durables(self) -> tuple[Durable, ...]:
        """Return every consumer."""
        return _DURABLES.validate_json(await self._service.get("/durables"))

    async def drop(self, durable: Durable) -> None:
        """Let the service of a consumer forget what it has built from the stream."""
        body = {"stream_created_at": durable.stream_created_at.isoformat()}
        await Service(self._hall, durable.identity, self._client).call(
            "POST", f"/durables/{durable.name}/drop", json=body
        )


@asynccontextmanager
async def caretaker_of(hall: TownHall) -> AsyncGenerator[Caretaker]:
    """Open the connection to the caretaker; one command is one call, however often it has to be repeated."""
    headers = {"idempotency-key": uuid4().hex}
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, headers=headers) as client:
        yield Caretaker(hall, client)
