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
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chassis import topology
from chassis.bus import jetstream, make_broker
from chassis.health import Health
from chassis.nats_server import NatsHome
from contracts.systems import ForeignSystem, Systems
from contracts.topology import CARETAKER, DURABLES, STREAMS, durable
from tests.support.foreign import OFFICES, with_key
from tests.support.processes import Child, free_port

_LASTING = ("config", "created", "state", "num_pending")


class NatsServer:
    """One server with a folder of its own; its port outlives restarts.

    Foreign systems are given a key on the bus when they have none; `systems` is what a door would read.
    """

    def __init__(self, folder: Path, systems: Systems | None = None) -> None:
        self.home = NatsHome(folder)
        self.port = free_port()
        self.monitor_port = free_port()
        self.systems = Systems()
        self._child: Child | None = None
        self.register(*(systems or Systems()).systems)

    def register(self, *systems: ForeignSystem) -> None:
        """Let these in, instead of those of the same name; a running server must be started anew to know them."""
        named = {each.name: each for each in (*self.systems.systems, *systems)}
        self.systems = Systems(systems=tuple(with_key(each, self.foreign_seed(each.name)) for each in named.values()))
        self._config = self.home.prepare(port=self.port, monitor_port=self.monitor_port, systems=self.systems)

    def foreign_seed(self, system: str) -> Path:
        """Return where the NKey seed of a foreign system lies, as its own office would keep it."""
        return self.home.folder / f"foreign-{system}.seed"

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
    _foreign: list[Client] = field(default_factory=list[Client])
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

    async def foreign(self, system: str, *, errors: list[str] | None = None) -> Client:
        """Connect as another office would: plain nats-py with its own key, nothing of our chassis.

        What the server says only once, refused subjects among it, goes to `errors`.
        """

        async def hear(error: Exception) -> None:
            if errors is not None:
                errors.append(str(error))

        client = Client()
        await client.connect(
            self.server.url, nkeys_seed=str(self.server.foreign_seed(system)), error_cb=hear, name=f"foreign {system}"
        )
        self._foreign.append(client)
        return client

    async def close(self) -> None:
        for client in self._foreign:
            with contextlib.suppress(Exception):
                await client.close()
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
            try:
                message = await caretaker.stream.get_msg(stream, sequence)
            except NotFoundError:
                continue
            found.append((message.subject or "", dict[str, str](vars(message)["headers"] or {}), message.data or b""))
        return found

    async def shape(self) -> list[object]:
        """Describe every stream and consumer as the server does, without the times of asking."""
        client = (await self.caretaker()).client
        streams = [f"$JS.API.STREAM.INFO.{stream.name}" for stream in STREAMS]
        found: list[object] = []
        for subject in [*streams, *(f"$JS.API.CONSUMER.INFO.{each.stream}.{each.name}" for each in DURABLES)]:
            answer = json.loads((await client.request(subject, timeout=5)).data)
            found.append({name: answer[name] for name in _LASTING if name in answer})
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


async def listen(client: Client, subject: str) -> Subscription:
    """Subscribe; nats-py leaves a part of it untyped, so it is typed here once."""
    return await client.subscribe(subject)  # pyright: ignore[reportUnknownMemberType]


async def _ready(server: NatsServer) -> Bus:
    bus = Bus(server)
    caretaker = await bus.caretaker()
    for stream in STREAMS:
        with contextlib.suppress(NotFoundError):
            await caretaker.stream.delete_stream(stream.name)
    await topology.apply(caretaker.stream)
    await topology.apply_systems(caretaker.stream, server.systems)
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
    """The server of this test process; the offices of `tests.support.foreign` are registered."""
    server = NatsServer(tmp_path_factory.mktemp("nats"), OFFICES)
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
    server = NatsServer(tmp_path / "nats", OFFICES)
    yield server
    with contextlib.suppress(AssertionError):
        server.child.stop()


@pytest.fixture
async def own_bus(own_nats: NatsServer) -> AsyncGenerator[Bus]:
    """A started server that a test may kill and freeze, with the topology applied."""
    own_nats.start()
    async with bus_of(own_nats) as ready:
        yield ready
