"""Processes of the toy town hall: started, asked over HTTP, killed, looked at."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from chassis.database import Database
from chassis.migrations import ensure_schema
from tests.support.asking import asking
from tests.support.nats import NatsServer
from tests.support.processes import Child, free_port

AS_RATHAUS = {"authorization": "Bearer token"}


@dataclass
class ToyService:
    """One process and its HTTP port."""

    child: Child
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def get(self, path: str) -> httpx.Response:
        async with asking(self.url, headers=AS_RATHAUS) as client:
            return await client.get(path)

    async def post(self, path: str) -> httpx.Response:
        async with asking(self.url, headers=AS_RATHAUS) as client:
            return await client.post(path)

    async def ready(self) -> bool:
        return (await self.get("/readyz")).status_code == 200

    async def effects(self) -> int:
        return int((await self.get("/effects")).text)


@dataclass
class ToyTown:
    """A folder with the databases, logs and tokens of toy services."""

    folder: Path
    nats: NatsServer
    migrated: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])
    _children: list[Child] = field(default_factory=list[Child])

    def start(self, identity: str, **settings: str) -> ToyService:
        """Start a part and return when it listens; `settings` without their prefix."""
        service = self.begin(identity, **settings)
        service.child.wait_until_listening(service.port)
        return service

    def begin(self, identity: str, **settings: str) -> ToyService:
        """Start a part without waiting for it."""
        tokens = self.folder / "tokens"
        tokens.mkdir(exist_ok=True)
        (tokens / "from-rathaus").write_text("token\n")
        port = free_port()
        database = self._database(identity)
        if not database.exists():
            shutil.copy(self.migrated, database)
        env = {
            **os.environ,
            "TOY_HTTP_PORT": str(port),
            "TOY_NATS_URL": self.nats.url,
            "TOY_NATS_SEED_FILE": str(self.nats.home.seed_file(identity)),
            "TOY_DATABASE_URL": self.database_url(identity),
            "TOY_TOKENS_DIR": str(tokens),
            "TOY_TRACE_RATIO": "1",
            **self.environment,
            **{f"TOY_{name.upper()}": value for name, value in settings.items()},
        }
        command = [sys.executable, "-m", "tests.support.toy.main", identity]
        child = Child(command, log=self.folder / f"{identity}.log", env=env)
        self._children.append(child)
        return ToyService(child, port)

    def database_url(self, identity: str) -> str:
        """Return where a part keeps its tables."""
        return f"sqlite+aiosqlite:///{self._database(identity)}"

    def _database(self, identity: str) -> Path:
        return self.folder / f"{identity}.sqlite"

    def stop(self) -> None:
        for child in self._children:
            child.stop()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the toy service, to copy."""
    path = tmp_path_factory.mktemp("toy") / "toy.sqlite"

    async def migrate() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        await ensure_schema("tests.support.toy", database)
        await database.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
def town(tmp_path: Path, own_nats: NatsServer, migrated_sqlite: Path) -> Generator[ToyTown]:
    """A toy town hall; its nats-server is not started yet."""
    toy = ToyTown(tmp_path, own_nats, migrated_sqlite)
    yield toy
    toy.stop()
