"""The life of a service: start in any order, wait for what is missing, stop gracefully in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog
import uvicorn
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError

from chassis.bus import jetstream, make_broker
from chassis.consumer import Consuming
from chassis.errors import DependencyDown
from chassis.failures import DeliveryCount, Failures
from chassis.health import Health, bus_probe, database_probe
from chassis.http import Endpointed, Telling, as_json, make_app
from chassis.logs import configure_logs
from chassis.settings import ServiceSettings
from chassis.tasks import going_on
from chassis.tracing import configure_tracing
from contracts.topology import DURABLES

log = structlog.stdlib.get_logger()

Loop = Callable[[], Awaitable[None]]
WAIT_SECONDS = 0.3
INSIST_SECONDS = 0.5
KEEP_ALIVE_SECONDS = 30


class Store(Protocol):
    """What the life of a service needs of its database; a process without one imports nothing of it."""

    async def ready(self) -> None:
        """Return when the database answers and its schema is the newest; DependencyDown when it does not."""
        ...

    async def ping(self) -> None:
        """Ask for a sign of life; DependencyDown when there is none."""
        ...

    def loops(self, client: Client) -> Sequence[Loop]:
        """Return the loops that run beside the service: relay and housekeeping."""
        ...

    async def close(self) -> None:
        """Give back what is held."""
        ...


@dataclass
class Service:
    """The parts of one process, put together by its composition root."""

    identity: str
    settings: ServiceSettings
    health: Health
    consuming: Consuming
    store: Store | None = None
    routes: Sequence[Endpointed] = ()
    loops: Sequence[Loop] = ()
    on_stop: list[Callable[[], Awaitable[None]]] = field(default_factory=list[Callable[[], Awaitable[None]]])
    tell: Telling = as_json
    leave: asyncio.Event = field(default_factory=asyncio.Event)
    """Set it to stop the process from inside, as a worker does that is to be replaced."""


def assemble_worker(identity: str, settings: ServiceSettings, *, failures: Failures | None = None) -> Service:
    """Build the parts of a process without a database."""
    health = Health()
    broker = make_broker(settings.nats_url, identity=identity, seed_file=settings.nats_seed_file, health=health)
    consuming = Consuming(broker=broker, identity=identity, health=health, failures=failures or DeliveryCount())
    return Service(identity, settings, health, consuming)


class _Server(uvicorn.Server):
    """Uvicorn without its signal handling: the service decides the order of its end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def run(service: Service) -> None:
    """Run until SIGTERM, SIGINT or `service.leave`."""
    settings = service.settings
    configure_logs(service.identity, log_format=settings.log_format, level=settings.log_level)
    tracing = configure_tracing(service.identity, ratio=settings.trace_ratio)
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, service.leave.set)
    try:
        async with _http(service):
            starting = asyncio.ensure_future(_live(service))
            leaving = asyncio.ensure_future(service.leave.wait())
            await asyncio.wait((starting, leaving), return_when=asyncio.FIRST_COMPLETED)
            still_waiting = not service.health.started
            service.health.started = False
            service.health.stopping = True
            for task in (starting, leaving):
                task.cancel()
            await _ended(starting, insist=still_waiting)
    finally:
        tracing.shutdown()
        log.info("service.stopped")


async def _ended(task: asyncio.Future[None], *, insist: bool) -> None:
    """Wait for a task that was cancelled; one that still connects may have swallowed it (`wait_for` of Python 3.11)."""
    while insist and not task.done():
        await asyncio.wait((task,), timeout=INSIST_SECONDS)
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@contextlib.asynccontextmanager
async def _http(service: Service) -> AsyncGenerator[None]:
    app = make_app(service.settings, service.health, service.routes, tell=service.tell)
    config = uvicorn.Config(
        app,
        host=service.settings.http_host,
        port=service.settings.http_port,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        lifespan="off",
        # Longer than our clients keep a connection: who closes first must not be the one who is about to be asked.
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(service.settings.stop_seconds),
    )
    server = _Server(config)
    # uvicorn's own fd= takes every descriptor for a Unix socket and lets small answers wait 40 ms.
    fd = service.settings.http_fd
    inherited = [socket.socket(fileno=fd)] if fd is not None else None
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(sockets=inherited))
        try:
            yield
        finally:
            server.should_exit = True
            await serving


async def _live(service: Service) -> None:
    """Bring up database, bus, consumers, relay and loops; on cancellation take them down in reverse."""
    async with contextlib.AsyncExitStack() as stack:
        for callback in service.on_stop:
            stack.push_async_callback(callback)
        if service.store is not None:
            await _store_ready(service, service.store)
            stack.push_async_callback(service.store.close)
        client = await _bus_ready(service)
        service.health.add("bus", bus_probe(lambda: client))
        stack.push_async_callback(service.consuming.broker.stop)
        await service.consuming.broker.start()
        service.health.started = True
        log.info("service.started")
        async with asyncio.TaskGroup() as group:
            if service.store is not None:
                for each in service.store.loops(client):
                    group.create_task(_forever(each))
            for each in service.loops:
                group.create_task(_forever(each))
            await asyncio.Event().wait()


async def _forever(loop: Loop) -> None:
    """Run a loop; one that stumbles is logged and taken up again, so that it cannot die unseen."""
    while going_on():
        try:
            await loop()
        except DependencyDown as error:
            log.warning("loop.waiting", dependency=error.dependency)
        except Exception:
            log.exception("loop.failed")
        await asyncio.sleep(1)


async def _store_ready(service: Service, store: Store) -> None:
    while True:
        try:
            await store.ready()
            break
        except DependencyDown:
            log.info("service.waiting", waits_for="database")
            await asyncio.sleep(1)
    service.health.add("database", database_probe(store.ping))


async def _bus_ready(service: Service) -> Client:
    """Connect, and wait until the topology holds the durables of this identity."""
    broker: NatsBroker = service.consuming.broker
    while True:
        try:
            client = await broker.connect()
            stream = jetstream(client, timeout=2)
            for each in DURABLES:
                if each.identity == service.identity:
                    await stream.consumer_info(each.stream, each.name)
        except (NatsError, OSError, TimeoutError) as error:
            log.info("service.waiting", waits_for="bus", reason=type(error).__name__)
            await asyncio.sleep(WAIT_SECONDS)
        else:
            return client
