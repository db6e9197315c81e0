"""A crowd of subscribers, the process that tells them, and a relay that counts what it gets."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from bench import smtp_sink
from chassis.database import Database
from chassis.migrations import ensure_schema
from tests.subscriptions.component.town import AS_PORTAL, Subscriptions
from tests.subscriptions.said import POOL
from tests.subscriptions.telling import Person, people
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.processes import Child, free_port

HOSTS = 40
_AT_ONCE = 5000


@dataclass
class Sink:
    """The relay; it outlives the service."""

    folder: Path
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        command = [sys.executable, "-m", "bench.smtp_sink", "--port", str(self.port)]
        self.child = Child(command, log=self.folder / "sink.log")
        self.child.wait_until_listening(self.port)

    def told(self) -> dict[str, float]:
        return smtp_sink.ask(self.port)

    async def has(self, distinct: int) -> bool:
        return self.told()["distinct"] >= distinct


class Crowd:
    """An installation with many subscribers of one pool."""

    def __init__(self, bus: Bus, folder: Path) -> None:
        self.sink = Sink(folder)
        self.sink.start()
        self.service = Subscriptions(bus, folder, mail_relay=f"127.0.0.1:{self.sink.port}")
        self._file = folder / "subscriptions.sqlite"

    async def gather(self, number: int) -> None:
        """Let so many people subscribe, at as many mail hosts as a town knows."""
        database = Database(f"sqlite+aiosqlite:///{self._file}")
        await ensure_schema("services.subscriptions", database)
        for first in range(1, number + 1, _AT_ONCE):
            last = min(first + _AT_ONCE, number + 1)
            some = [Person(host=f"post{each % HOSTS}.example") for each in range(first, last)]
            await people(database, *some, first=first)
        await database.close()

    async def start(self) -> None:
        self.service.start()
        await eventually(self.service.ready)

    def stop(self) -> None:
        self.service.stop()
        self.sink.child.stop()

    async def tap(self) -> float:
        """Close the pool; return when the finger came down."""
        body = {"tap_id": str(uuid4()), "reason": "thunderstorm", "until": None, "seen_version": 0, "by": "kasse"}
        at = time.time()
        answer = await self.service.ask(f"/pools/{POOL}/closures", method="POST", headers=AS_PORTAL, body=body)
        assert answer.is_success, answer.text
        return at

    def ledger(self) -> tuple[int, int]:
        """How many rows say `sent`, and how often a kill has left something open."""
        with contextlib.closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as connection:
            question = "SELECT COUNT(*) FILTER (WHERE state = 'sent'), SUM(uncertain) FROM delivery"
            sent, uncertain = connection.execute(question).fetchone()
        return int(sent), int(uncertain or 0)

    async def has_settled(self, number: int) -> bool:
        return self.ledger()[0] == number
