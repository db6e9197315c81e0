"""The bus as the caretaker's only store."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError, ServiceUnavailableError

from chassis.errors import DependencyDown

_ANSWER_SECONDS = 5.0
LAST_PLACE = 2**63 - 1
"""No stream has a place beyond it; the server does not even understand the question."""


class Context(JetStreamContext):
    """JetStream as commands pass it on; it can also delete without overwriting, which nats-py has no argument for."""

    def __init__(self, client: Client) -> None:
        """Speak over a connection."""
        super().__init__(client, timeout=_ANSWER_SECONDS)
        self._client = client

    async def last_stored_at(self, stream: str) -> datetime | None:
        """Return when a stream was last given something, also when that is gone; nats-py leaves it out."""
        answer = await self._client.request(f"$JS.API.STREAM.INFO.{stream}", timeout=_ANSWER_SECONDS)
        told = json.loads(answer.data)
        if "error" in told:
            APIError.from_error(told["error"])
        return datetime.fromisoformat(told["state"]["last_ts"]) if told["state"]["last_seq"] else None

    async def forget(self, stream: str, sequence: int) -> None:
        """Delete a message and leave its bytes to be compacted away; that costs a fortieth of overwriting them."""
        body = json.dumps({"seq": sequence, "no_erase": True}).encode()
        answer = await self._client.request(f"$JS.API.STREAM.MSG.DELETE.{stream}", body, timeout=_ANSWER_SECONDS)
        told = json.loads(answer.data)
        if "error" in told:
            APIError.from_error(told["error"])


class Bus:
    """JetStream with the caretaker's rights."""

    def __init__(self, broker: NatsBroker) -> None:
        """Connect nothing yet."""
        self._broker = broker

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[Context]:
        """Give the stream context; a bus that is away is DependencyDown, what it refuses stays as it is."""
        try:
            yield Context(await self._broker.connect())
        except ServiceUnavailableError as error:
            raise DependencyDown("bus") from error
        except APIError:
            raise
        except (NatsError, OSError, TimeoutError) as error:
            raise DependencyDown("bus") from error

    async def reconnects(self) -> int:
        """Count how often the connection was lost and found; a server found again may have lost its store."""
        client = await self._broker.connect()
        return client.stats["reconnects"]
