"""The caretaker of the bus: applies the topology, and buries messages whose handling killed its process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from pydantic import BaseModel

from chassis.bus import jetstream, make_broker
from chassis.consumer import DeadLetter, bury, key_of
from chassis.health import Health
from chassis.topology import CRASH_NET, apply
from contracts.topology import ADVISORIES, CARETAKER, MAX_DELIVER

log = structlog.stdlib.get_logger()

_PAUSE_SECONDS = 0.2
_FETCH_SECONDS = 2.0
_BATCH = 8


class _Advisory(BaseModel):
    """What the server says when a message has used up its deliveries."""

    stream: str
    consumer: str
    stream_seq: int


class Caretaker:
    """Works for as long as the town hall runs; survives the death of the server."""

    def __init__(self, nats_url: str, seed_file: Path, *, monitor_url: str) -> None:
        """Do nothing yet; `monitor_url` tells when the server is up."""
        # Its health never counts as started, so that a closed connection ends no process: the next round reconnects.
        self._broker = make_broker(nats_url, identity=CARETAKER, seed_file=seed_file, health=Health())
        self._monitor_url = monitor_url
        self._again = asyncio.Event()

    def apply_again(self) -> None:
        """The server has been started anew: it may have lost its store."""
        self._again.set()

    async def run(self) -> None:
        """Tend the bus until cancelled."""
        try:
            while True:
                try:
                    await self._tend()
                except (NatsError, OSError, TimeoutError) as error:
                    log.warning("caretaker.waiting", reason=type(error).__name__)
                    await asyncio.sleep(_PAUSE_SECONDS)
        finally:
            await self._broker.stop()

    async def _tend(self) -> None:
        await self._server_up()
        self._again.clear()
        context = jetstream(await self._broker.connect())
        await apply(context)
        log.info("topology.applied")
        subscription = await context.pull_subscribe_bind(CRASH_NET, stream=ADVISORIES)
        try:
            while not self._again.is_set():
                try:
                    advisories = await subscription.fetch(_BATCH, timeout=_FETCH_SECONDS)
                except TimeoutError:
                    continue
                for each in advisories:
                    await _bury_crashed(context, each)
        finally:
            await subscription.unsubscribe()

    async def _server_up(self) -> None:
        """Wait for the server: the client's own first attempts are a second apart."""
        async with httpx.AsyncClient(timeout=1) as client:
            while True:
                try:
                    if (await client.get(f"{self._monitor_url}/healthz")).is_success:
                        return
                except httpx.TransportError:
                    log.debug("caretaker.waiting", reason="nats-server")
                await asyncio.sleep(_PAUSE_SECONDS / 4)


async def apply_topology(nats_url: str, seed_file: Path | None) -> None:
    """Bring the topology to a bus as its caretaker, once; OSError or TimeoutError when there is none."""
    broker = make_broker(nats_url, identity=CARETAKER, seed_file=seed_file, health=Health())
    try:
        await apply(jetstream(await broker.connect()))
    finally:
        await broker.stop()


async def _bury_crashed(context: JetStreamContext, advisory: Msg) -> None:
    """Move what nobody could handle to the dead letters; the advisory is done only after that."""
    told = _Advisory.model_validate_json(advisory.data)
    try:
        message = await context.get_msg(told.stream, told.stream_seq)
    except NotFoundError:
        log.warning("caretaker.message_gone", stream=told.stream, sequence=told.stream_seq)
    else:
        body = message.data or b""
        letter = DeadLetter(
            durable=told.consumer,
            stream=told.stream,
            stream_sequence=told.stream_seq,
            subject=message.subject or "",
            event_key=key_of(body),
            reason="crashed",
            attempts=MAX_DELIVER,
        )
        await bury(context, letter, body)
    await advisory.ack()
