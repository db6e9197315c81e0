"""Staff devices over HTTP, with a clock that a test can turn."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from chassis.database import Database
from chassis.health import Health
from chassis.http import make_app
from chassis.migrations import ensure_schema
from services.accounts.api import staff
from services.accounts.settings import AccountsSettings
from tests.support.events import NOW

POOL = "freibad-tangerhuette"


@dataclass
class Desk:
    """Who calls: the command line as `rathaus`, the web front as `portal`."""

    database: Database
    rathaus: httpx.AsyncClient
    portal: httpx.AsyncClient
    clock: list[datetime]

    def now(self) -> datetime:
        return self.clock[0]

    def later(self, **passed: float) -> None:
        self.clock[0] += timedelta(**passed)

    async def add(self, name: str = "kasse-1", device_id: UUID | None = None) -> httpx.Response:
        body = {"device_id": str(device_id or uuid4()), "name": name, "roles": ["attendant"], "pools": [POOL]}
        return await self.rathaus.post("/staff/devices", json=body)

    async def added(self, name: str = "kasse-1") -> dict[str, Any]:
        answer = await self.add(name)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def sign_in(self, token: str, pin: str) -> httpx.Response:
        return await self.portal.post("/staff/sessions", json={"token": token, "pin": pin})

    async def session(self, device: dict[str, Any]) -> str:
        return (await self.sign_in(device["token"], device["pin"])).json()["session"]

    async def check(self, session: str) -> httpx.Response:
        return await self.portal.post("/staff/sessions/check", json={"session": session})


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncGenerator[Desk]:
    database = Database(url)
    await ensure_schema("services.accounts", database)
    for caller in ("rathaus", "portal"):
        (folder / f"from-{caller}").write_text(f"of-{caller}\n")
    health = Health()
    health.started = True
    clock = [NOW]
    app = make_app(AccountsSettings(tokens_dir=folder), health, staff.routes(database, now=lambda: clock[0]))
    async with _client(app, "rathaus") as rathaus, _client(app, "portal") as portal:
        yield Desk(database, rathaus, portal, clock)
    await database.close()


def _client(app: Any, caller: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://accounts",
        headers={"authorization": f"Bearer of-{caller}"},
    )
