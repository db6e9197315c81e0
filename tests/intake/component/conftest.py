"""Intake as a process of its own, with a door on the bus and one on HTTP."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from chassis.database import Database
from chassis.migrations import ensure_schema
from tests.intake.offices import POOLS, TREASURY, write_systems
from tests.support.asking import asking
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.processes import Child, free_port


@dataclass
class Intake:
    """The process, and a client that is nobody."""

    bus: Bus
    child: Child
    url: str
    systems: Path
    http: httpx.AsyncClient

    async def is_ready(self) -> bool:
        return (await self.http.get("/readyz")).status_code == 200

    def alive(self) -> bool:
        return self.child.process.poll() is None

    async def metric(self, line: str) -> float:
        """Return the value of one line of the metrics, 0 when there is none."""
        text = (await self.http.get("/metrics")).text
        found = [each.rpartition(" ")[2] for each in text.splitlines() if each.rpartition(" ")[0] == line]
        return float(found[0]) if found else 0.0


@pytest.fixture(scope="session")
def migrated_intake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of intake, to copy."""
    path = tmp_path_factory.mktemp("intake") / "intake.sqlite"

    async def migrate() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        await ensure_schema("services.intake", database)
        await database.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
async def intake(bus: Bus, tmp_path: Path, migrated_intake: Path) -> AsyncGenerator[Intake]:
    """A running intake with the two offices registered."""
    shutil.copy(migrated_intake, tmp_path / "intake.sqlite")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "tokens" / "from-rathaus").write_text("of-the-desk\n")
    (tmp_path / "tokens" / "from-notices").write_text("of-notices\n")
    write_systems(tmp_path / "systems.json", POOLS, TREASURY)
    port = free_port()
    settings = {
        "HTTP_PORT": str(port),
        "NATS_URL": bus.server.url,
        "NATS_SEED_FILE": str(bus.server.home.seed_file("intake")),
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/intake.sqlite",
        "TOKENS_DIR": str(tmp_path / "tokens"),
        "SYSTEMS_FILE": str(tmp_path / "systems.json"),
    }
    environment = {**os.environ, **{f"INTAKE_{name}": value for name, value in settings.items()}}
    child = Child([sys.executable, "-m", "services.intake.main"], log=tmp_path / "intake.log", env=environment)
    url = f"http://127.0.0.1:{port}"
    async with asking(url, timeout=20) as http:
        running = Intake(bus, child, url, tmp_path / "systems.json", http)
        try:
            await eventually(running.is_ready)
            yield running
        finally:
            child.stop()
