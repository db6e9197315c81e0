"""The connection to NATS: settings that survive outages, and ears for what NATS says only once."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
from faststream.message import StreamMessage
from faststream.nats import NatsBroker, NatsMessage
from faststream.nats.opentelemetry import NatsTelemetryMiddleware
from faststream.nats.security import NatsNKey
from faststream.security import BaseSecurity
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import PubAck

from chassis import nats_guard
from chassis.health import Health
from chassis.nats_config import inbox_prefix

log = structlog.stdlib.get_logger()


async def _raw_body(message: StreamMessage[object]) -> bytes:
    """Leave parsing to the consumer, which knows what to do with a body that cannot be parsed."""
    return message.body


def make_broker(url: str, *, identity: str, seed_file: Path | None, health: Health) -> NatsBroker:
    """Build the broker of one process; it connects when started and never gives up."""
    nats_guard.install()

    async def on_error(error: Exception) -> None:
        text = str(error)
        if "permissions violation" in text.lower():
            health.violation(text[:200])
            log.error("bus.forbidden", detail=text[:200])
        else:
            log.warning("bus.error", reason=type(error).__name__)

    async def on_disconnect() -> None:
        log.warning("bus.disconnected")

    async def on_reconnect() -> None:
        log.info("bus.reconnected")

    async def on_closed() -> None:
        if health.started:
            # A closed connection never comes back by itself, and FastStream would spin on it for ever.
            log.critical("bus.closed")
            os._exit(70)

    security: BaseSecurity | None = NatsNKey.from_file(str(seed_file)) if seed_file is not None else None
    return NatsBroker(
        url,
        name=identity,
        security=security,
        inbox_prefix=inbox_prefix(identity),
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        connect_timeout=2,
        ping_interval=10,
        max_outstanding_pings=2,
        graceful_timeout=20,
        error_cb=on_error,
        disconnected_cb=on_disconnect,
        reconnected_cb=on_reconnect,
        closed_cb=on_closed,
        decoder=_raw_body,
        middlewares=(NatsTelemetryMiddleware(),),
        logger=structlog.stdlib.get_logger("bus"),
        log_level=logging.DEBUG,
    )


def jetstream(client: Client, *, timeout: float = 5.0) -> JetStreamContext:
    """Return the JetStream context; nats-py leaves it untyped, so it is typed here once."""
    return client.jetstream(timeout=timeout)  # pyright: ignore[reportUnknownMemberType]


async def publish_async(
    stream: JetStreamContext, subject: str, body: bytes, headers: dict[str, str]
) -> asyncio.Future[PubAck]:
    """Publish without waiting; the future holds the acknowledgement."""
    return await stream.publish_async(subject, body, headers=headers)  # pyright: ignore[reportUnknownMemberType]


@asynccontextmanager
async def heartbeat(message: NatsMessage, *, every: float) -> AsyncGenerator[None]:
    """Tell the server that the work goes on, so that it is not given to a second replica."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(every)
            # A bus that is away must not break off the work.
            with suppress(NatsError, OSError, TimeoutError):
                await message.in_progress()

    async with asyncio.TaskGroup() as group:
        beating = group.create_task(beat())
        try:
            yield
        finally:
            beating.cancel()
