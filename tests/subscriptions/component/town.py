"""The real process of subscriptions on a real bus."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from contracts.base import CloudEvent, Message
from contracts.subscriptions import PoolClosed, PoolReopened
from tests.support.consumers import publish
from tests.support.nats import Bus
from tests.support.processes import Child, free_port

AS_RATHAUS = {"authorization": "Bearer of-the-desk"}
MODELS: dict[str, type[PoolClosed | PoolReopened]] = {each.subject: each for each in (PoolClosed, PoolReopened)}


@dataclass
class Subscriptions:
    """One installation; `child` is the process that runs."""

    bus: Bus
    folder: Path
    port: int = field(default_factory=free_port)
    child: Child | None = None

    def start(self) -> Child:
        tokens = self.folder / "tokens"
        tokens.mkdir(exist_ok=True)
        (tokens / "from-rathaus").write_text("of-the-desk\n")
        env = {
            **os.environ,
            "SUBSCRIPTIONS_HTTP_PORT": str(self.port),
            "SUBSCRIPTIONS_NATS_URL": self.bus.server.url,
            "SUBSCRIPTIONS_NATS_SEED_FILE": str(self.bus.server.home.seed_file("subscriptions")),
            "SUBSCRIPTIONS_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/subscriptions.sqlite",
            "SUBSCRIPTIONS_TOKENS_DIR": str(tokens),
        }
        command = [sys.executable, "-m", "services.subscriptions.main"]
        self.child = Child(command, log=self.folder / "subscriptions.log", env=env)
        self.child.wait_until_listening(self.port)
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    async def ask(self, path: str, *, method: str = "GET", headers: dict[str, str] = AS_RATHAUS) -> httpx.Response:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers) as client:
            return await client.request(method, path)

    async def json(self, path: str) -> Any:
        return (await self.ask(path)).json()

    async def ready(self) -> bool:
        return (await self.ask("/readyz")).status_code == 200

    async def hear(self, *messages: CloudEvent[Message]) -> None:
        """Bring messages to the bus as intake does."""
        await publish(await self.bus.peer("intake"), *messages)

    async def told(self) -> list[PoolClosed | PoolReopened]:
        """What others hear of the pools."""
        return [
            CloudEvent[MODELS[subject]].model_validate_json(body).data
            for subject, _, body in await self.bus.messages("SUBSCRIPTIONS")
            if subject in MODELS
        ]
