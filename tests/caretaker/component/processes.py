"""Services in processes of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from contracts.topology import CARETAKER
from tests.support.asking import asking
from tests.support.nats import NatsServer
from tests.support.processes import Child, free_port


@asynccontextmanager
async def service_process(
    name: str, log: Path, nats: NatsServer, settings: Mapping[str, str] | None = None
) -> AsyncGenerator[str]:
    """Run a service; gives its URL, and sees to it that it ends in good order."""
    port = free_port()
    own = {
        "HTTP_PORT": str(port),
        "NATS_URL": nats.url,
        "NATS_SEED_FILE": str(nats.home.seed_file(name)),
        **(settings or {}),
    }
    env = {**os.environ, **{f"{name.upper()}_{key}": value for key, value in own.items()}}
    child = Child([sys.executable, "-m", f"services.{name}.main"], log=log, env=env)
    try:
        child.wait_until_listening(port)
        yield f"http://127.0.0.1:{port}"
        assert child.stop() == 0, child.output()
    finally:
        child.stop()


@asynccontextmanager
async def caretaker_process(folder: Path, nats: NatsServer, systems: Path | None = None) -> AsyncGenerator[str]:
    """Run a caretaker."""
    settings = {"SYSTEMS_FILE": str(systems)} if systems else {}
    async with service_process(CARETAKER, folder / "caretaker.log", nats, settings) as url:
        yield url


async def problems(url: str) -> dict[str, str]:
    async with asking(url, timeout=10) as client:
        return (await client.get("/readyz")).json()["problems"]


async def is_ready(url: str) -> bool:
    async with asking(url, timeout=10) as client:
        return (await client.get("/readyz")).is_success
