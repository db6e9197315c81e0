"""The portal in front of the real appointments."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx

from tests.appointments.town import AS_PORTAL
from tests.browser.offices import always_open, offices_file
from tests.portal.component.town import AWAY, Portal, portal_before
from tests.support.asking import asking
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.processes import Child, free_port

TIMES = "/termin/zeit?anliegen=fundsachen"


@asynccontextmanager
async def offices_open(bus: Bus, folder: Path) -> AsyncGenerator[Portal]:
    """Start appointments, and a portal that asks it."""
    port = free_port()
    child = _appointments(bus, folder, port)
    try:
        child.wait_until_listening(port)
        async with asking(f"http://127.0.0.1:{port}") as client:

            async def ready() -> bool:
                return (await client.get("/readyz")).is_success

            await eventually(ready)

            async def ask(method: str, path: str, body: object) -> Any:
                answer = await client.request(method, path, json=body, headers=AS_PORTAL)
                assert answer.is_success, answer.text
                return answer.json()

            await always_open(ask)
        async with portal_before(folder, AWAY, appointments_url=f"http://127.0.0.1:{port}") as portal:
            yield portal
    finally:
        child.stop()


def _appointments(bus: Bus, folder: Path, port: int) -> Child:
    tokens = folder / "tokens"
    tokens.mkdir()
    for caller in ("rathaus", "portal"):
        (tokens / f"from-{caller}").write_text(f"of-{caller}\n")
    (folder / "link.key").write_text(token_hex(32))
    (folder / "offices.toml").write_text(offices_file(), "utf-8")
    env = {
        **os.environ,
        "APPOINTMENTS_HTTP_PORT": str(port),
        "APPOINTMENTS_NATS_URL": bus.server.url,
        "APPOINTMENTS_NATS_SEED_FILE": str(bus.server.home.seed_file("appointments")),
        "APPOINTMENTS_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/appointments.sqlite",
        "APPOINTMENTS_TOKENS_DIR": str(tokens),
        "APPOINTMENTS_KEY_FILE": str(folder / "link.key"),
        "APPOINTMENTS_OFFICES_FILE": str(folder / "offices.toml"),
        "APPOINTMENTS_MAIL_RELAY": "127.0.0.1:9",
    }
    return Child([sys.executable, "-m", "services.appointments.main"], log=folder / "appointments.log", env=env)


@dataclass(frozen=True)
class Picked:
    """What a page of times offers."""

    fields: dict[str, str]
    starts: tuple[str, ...]

    def tap(self, number: int = 0) -> dict[str, str]:
        """The form as it is sent by one of its buttons."""
        return {**self.fields, "beginn": self.starts[number]}


async def picked(visitor: httpx.AsyncClient) -> Picked:
    """Open the page of times."""
    page = (await visitor.get(TIMES)).text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return Picked(fields, tuple(re.findall(r'name="beginn" value="([^"]+)"', page)))


async def held(visitor: httpx.AsyncClient, form: dict[str, str]) -> str:
    """Hold a time; the path of the page that follows."""
    answer = await visitor.post("/termin/halten", data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
