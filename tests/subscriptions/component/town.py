"""The real process of subscriptions on a real bus."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from contracts.base import CloudEvent, Message
from contracts.subscriptions import PoolClosed, PoolReopened
from tests.support.asking import asking
from tests.support.consumers import publish
from tests.support.nats import Bus
from tests.support.processes import Child, free_port

AS_RATHAUS = {"authorization": "Bearer of-rathaus"}
AS_PORTAL = {"authorization": "Bearer of-portal"}
NOBODY = "127.0.0.1:9"
"""Nothing listens there: no mail leaves, and nobody asks for the weather."""
MODELS: dict[str, type[PoolClosed | PoolReopened]] = {each.subject: each for each in (PoolClosed, PoolReopened)}


def vapid_key() -> bytes:
    """A fresh key that names a town to push services."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass
class Subscriptions:
    """One installation; `child` is the process that runs."""

    bus: Bus
    folder: Path
    port: int = field(default_factory=free_port)
    child: Child | None = None
    mail_relay: str = NOBODY

    def start(self) -> Child:
        tokens = self.folder / "tokens"
        tokens.mkdir(exist_ok=True)
        for name in ("rathaus", "portal"):
            (tokens / f"from-{name}").write_text(f"of-{name}\n")
        if not (self.folder / "link.key").exists():
            (self.folder / "link.key").write_text(token_hex(32))
            (self.folder / "vapid.pem").write_bytes(vapid_key())
        env = {
            **os.environ,
            "SUBSCRIPTIONS_KEY_FILE": str(self.folder / "link.key"),
            "SUBSCRIPTIONS_VAPID_KEY_FILE": str(self.folder / "vapid.pem"),
            "SUBSCRIPTIONS_HTTP_PORT": str(self.port),
            "SUBSCRIPTIONS_NATS_URL": self.bus.server.url,
            "SUBSCRIPTIONS_NATS_SEED_FILE": str(self.bus.server.home.seed_file("subscriptions")),
            "SUBSCRIPTIONS_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/subscriptions.sqlite",
            "SUBSCRIPTIONS_TOKENS_DIR": str(tokens),
            "SUBSCRIPTIONS_MAIL_RELAY": self.mail_relay,
            "SUBSCRIPTIONS_WEATHER_URL": f"http://{NOBODY}",
        }
        command = [sys.executable, "-m", "services.subscriptions.main"]
        self.child = Child(command, log=self.folder / "subscriptions.log", env=env)
        self.child.wait_until_listening(self.port)
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop()

    async def ask(
        self, path: str, *, method: str = "GET", headers: dict[str, str] = AS_RATHAUS, body: object = None
    ) -> httpx.Response:
        base = f"http://127.0.0.1:{self.port}"
        async with asking(base, headers=headers, timeout=40) as client:
            return await client.request(method, path, json=body)

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
