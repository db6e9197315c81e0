"""The real process of accounts on a real bus."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.asking import asking
from tests.support.nats import Bus
from tests.support.processes import Child, free_port

CALLERS = ("rathaus", "portal")


@dataclass
class Accounts:
    """One installation; `child` is the process that runs."""

    bus: Bus
    folder: Path
    port: int = field(default_factory=free_port)
    child: Child | None = None

    def start(self) -> Child:
        tokens = self.folder / "tokens"
        tokens.mkdir(exist_ok=True)
        for caller in CALLERS:
            (tokens / f"from-{caller}").write_text(f"of-{caller}\n")
        env = {
            **os.environ,
            "ACCOUNTS_HTTP_PORT": str(self.port),
            "ACCOUNTS_NATS_URL": self.bus.server.url,
            "ACCOUNTS_NATS_SEED_FILE": str(self.bus.server.home.seed_file("accounts")),
            "ACCOUNTS_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/accounts.sqlite",
            "ACCOUNTS_TOKENS_DIR": str(tokens),
        }
        self.child = Child([sys.executable, "-m", "services.accounts.main"], log=self.folder / "accounts.log", env=env)
        self.child.wait_until_listening(self.port)
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    async def ask(self, caller: str, method: str, path: str, json: Any = None) -> httpx.Response:
        headers = {"authorization": f"Bearer of-{caller}"}
        async with asking(f"http://127.0.0.1:{self.port}", headers=headers) as client:
            return await client.request(method, path, json=json)

    async def ready(self) -> bool:
        return (await self.ask("rathaus", "GET", "/readyz")).status_code == 200

    def log(self) -> str:
        return (self.folder / "accounts.log").read_text("utf-8")
