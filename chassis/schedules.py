"""Messages that the bus itself delivers when their time has come (NATS message schedules, ADR-51).

Its clock goes on while every service is down: what was acknowledged outlives kills of server and services, and what
came due meanwhile is delivered as soon as the server is back.
"""

from __future__ import annotations

from datetime import UTC, datetime

from faststream.nats import NatsBroker
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import BadRequestError

from chassis.bus import jetstream
from chassis.errors import DependencyDown
from contracts.base import CloudEvent, Message
from contracts.topology import FIRED_KEPT, SCHEDULES, schedule_subject

_FIRED_TTL = f"{int(FIRED_KEPT.total_seconds()) // 3600}h"
_EMPTY_TTL = "60s"
"""How long the empty message stays that has taken a schedule's place."""


class RefusedError(Exception):
    """The bus takes no such schedule; to ask again would not help."""


class Schedules:
    """The schedules of one identity, each under a key of its own."""

    def __init__(self, broker: NatsBroker, *, identity: str, ack_seconds: float = 5.0) -> None:
        """Prepare; the broker may still be connecting."""
        self._broker = broker
        self._identity = identity
        self._ack_seconds = ack_seconds
        self._stream: JetStreamContext | None = None

    async def schedule(self, key: str, event: CloudEvent[Message], *, at: datetime) -> None:
        """Have an event delivered on its subject at an instant, or now if it has passed; replaces that of the same key.

        Returns once the bus has it for good; DependencyDown when that is not known. It may be asked again: no message
        id, by which the server would take the second one for a repetition and keep the first.
        """
        instant = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        headers = {
            "Nats-Schedule": f"@at {instant}",
            "Nats-Schedule-Target": event.data.address(),
            "Nats-Schedule-TTL": _FIRED_TTL,
            "content-type": "application/json",
        }
        await self._publish(key, event.model_dump_json().encode(), headers)

    async def cancel(self, key: str) -> None:
        """Take a schedule away, if there is one."""
        await self._publish(key, b"", {"Nats-Rollup": "sub", "Nats-TTL": _EMPTY_TTL})

    async def _publish(self, key: str, body: bytes, headers: dict[str, str]) -> None:
        try:
            if self._stream is None:
                self._stream = jetstream(await self._broker.connect(), timeout=self._ack_seconds)
            subject = schedule_subject(self._identity, key)
            await self._stream.publish(subject, body, stream=SCHEDULES, headers=headers)
        except BadRequestError as error:
            raise RefusedError(f"code {error.err_code}") from error
        except (NatsError, OSError, TimeoutError) as error:
            raise DependencyDown("bus") from error
