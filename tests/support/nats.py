"""A real nats-server of the wheel, with the permissions that the topology generates in force."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.js import JetStreamContext

from chassis import topology
from chassis.bus import jetstream, make_broker
from chassis.health import Health
from chassis.nats_server import NatsHome
from contracts.topology import CARETAKER, STREAMS, durable
from tests.support.processes import Child, free_port


class NatsServer:
    """One server with a folder of its own; its port outlives restarts."""

    def __init__(self, folder: Path) -> None:
        self.home = NatsHome(folder)
        self.port = free_port()
        self._config = self.home.prepare(port=self.port, monitor_port=free_port())
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def child(self) -> Child:
        assert self._child is not None, "not started"
        return self._child

    def start(self) -> None:
        self._child = Child(self.home.command(self._config), log=self.home.folder / "nats.log")
        self._child.wait_until_listening(self.port)


@dataclass(frozen=True, slots=True)
class Peer:
    """One identity on the bus."""

    broker: NatsBroker
    client: Client
    health: Health
    stream: JetStreamContext


@dataclass
class Bus:
    """The server with the topology applied, and whoever a test lets connect."""

    server: NatsServer
    _peers: list[Peer] = field(default_factory=list[Peer])
    _caretaker: Peer | None = None

    async def peer(self, identity: str) -> Peer:
        health = Health()
        broker = make_broker(
            self.server.url, identity=identity, seed_file=self.server.home.seed_file(identity), health=health
        )
        client = await broker.connect()
        peer = Peer(broker, client, health, jetstream(client))
        self._peers.append(peer)
        return peer

    async def close(self) -> None:
        for peer in reversed(self._peers):
            with contextlib.suppress(Exception):
                await peer.broker.stop()

    async def caretaker(self) -> Peer:
        if self._caretaker is None:
            self._caretaker = await self.peer(CARETAKER)
        return self._caretaker

    async def count(self, stream: str) -> int:
        info = await (await self.caretaker()).stream.stream_info(stream)
        return info.state.messages

    async def messages(self, stream: str) -> list[tuple[str, dict[str, str], bytes]]:
        """Return subject, headers and body of everything that a stream holds."""
        caretaker = await self.caretaker()
        state = (await caretaker.stream.stream_info(stream)).state
        found: list[tuple[str, dict[str, str], bytes]] = []
        for sequence in range(state.first_seq, state.last_seq + 1):
            message = await caretaker.stream.get_msg(stream, sequence)
            found.append((message.subject or "", dict[str, str](vars(message)["headers"] or {}), message.data or b""))
        return found

    async def shorten_ack_wait(self, name: str, *, seconds: float) -> None:
        """Let the server give up on a silent consumer sooner than a test has patience."""
        caretaker = await self.caretaker()
        declared = durable(name)
        info = await caretaker.stream.consumer_info(declared.stream, name)
        config = {**info.config.as_dict(), "ack_wait": int(seconds * 1_000_000_000)}
        body = json.dumps({"stream_name": declared.stream, "config": config}).encode()
        answer = await caretaker.client.request(f"$JS.API.CONSUMER.CREATE.{declared.stream}.{name}", body, timeout=5)
        assert "error" not in json.loads(answer.data), answer.data


async def _ready(server: NatsServer) -> Bus:
    bus = Bus(server)
    caretaker = await bus.caretaker()
    for stream in STREAMS:
        with contextlib.suppress(topology.NotFoundError):
            await caretaker.stream.delete_stream(stream.name)
    await topology.apply(caretaker.stream)
    return bus


@asynccontextmanager
async def bus_of(server: NatsServer) -> AsyncGenerator[Bus]:
    """Empty the streams of a running server, apply the topology, and disconnect everybody at the end."""
    ready = await _ready(server)
    try:
        yield ready
    finally:
        if server.child.process.poll() is None:
            server.child.thaw()
        await ready.close()


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[NatsServer]:
    """The server of this test process."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.child.stop()


@pytest.fixture
async def bus(nats_server: NatsServer) -> AsyncGenerator[Bus]:
    """The server of this test process, with empty streams."""
    async with bus_of(nats_server) as ready:
        yield ready


@pytest.fixture
def own_nats(tmp_path: Path) -> Generator[NatsServer]:
    """A server that a test may start, kill and freeze; not started yet."""
    (tmp_path / "nats").mkdir()
    server = NatsServer(tmp_path / "nats")
    yield server
    with contextlib.suppress(AssertionError):
        server.child.stop()


@pytest.fixture
async def own_bus(own_nats: NatsServer) -> AsyncGenerator[Bus]:
    """A started server that a test may kill and freeze, with the topology applied."""
    own_nats.start()
    async with bus_of(own_nats) as ready:
        yield ready
