"""The portal in front of real services, and visitors with and without their cookies."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from pydantic import TypeAdapter

from chassis.http import Endpointed, make_app
from services.portal.main import build
from services.portal.settings import PortalSettings
from tests.subscriptions.component.town import AS_PORTAL, NOBODY, Subscriptions
from tests.support.asking import asking
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.processes import Child, free_port

POOL = "freibad-tangerhuette"
HOME = "http://portal.test"
AWAY = f"http://{NOBODY}"
_MAILS = TypeAdapter(list[dict[str, Any]])
LANGUAGES = ("", "/en", "/einfach")
OURS = {"sec-fetch-site": "same-origin"}


@dataclass
class Portal:
    """A portal in this process; its services may be away."""

    app: Any
    routes: list[Endpointed]

    @asynccontextmanager
    async def visitor(self) -> AsyncGenerator[httpx.AsyncClient]:
        """A browser of its own: it keeps cookies and says where its forms come from."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=OURS, timeout=30) as client:
            yield client


@asynccontextmanager
async def portal_before(
    folder: Path,
    subscriptions_url: str,
    *,
    public_url: str = HOME,
    accounts_url: str = AWAY,
    appointments_url: str = AWAY,
) -> AsyncGenerator[Portal]:
    """Put up a portal that asks a service."""
    tokens = folder / "portal-tokens"
    tokens.mkdir(exist_ok=True)
    for callee in ("subscriptions", "accounts", "appointments"):
        (tokens / f"to-{callee}").write_text("of-portal\n")
    (folder / "cookie.key").write_text("k" * 40)
    settings = PortalSettings(
        key_file=folder / "cookie.key",
        tokens_dir=tokens,
        subscriptions_url=subscriptions_url,
        accounts_url=accounts_url,
        appointments_url=appointments_url,
        public_url=public_url,
        answer_seconds=30,  # a busy machine is no outage
    )
    service = build(settings)
    service.health.started = True
    yield Portal(make_app(settings, service.health, service.routes, tell=service.tell), list(service.routes))
    for callback in service.on_stop:
        await callback()


@dataclass
class Post:
    """The mail relay of the town and its inbox."""

    folder: Path
    smtp: int = field(default_factory=free_port)
    http: int = field(default_factory=free_port)

    def start(self) -> Child:
        command = [sys.executable, "-m", "simulators.mail", "--data", str(self.folder)]
        command += ["--smtp-port", str(self.smtp), "--port", str(self.http)]
        return Child(command, log=self.folder.with_suffix(".log"))

    async def mails(self, to: str) -> list[dict[str, Any]]:
        async with asking(f"http://127.0.0.1:{self.http}") as client:
            answer = await client.get("/_control/mails", params={"to": to})
        return _MAILS.validate_json(answer.content)

    async def link(self, to: str, purpose: str) -> str:
        """The path of a link in the newest mail to somebody."""
        found: list[str] = []

        async def arrived() -> bool:
            mails = await self.mails(to)
            text = str(mails[0].get("text") or "") if mails else ""
            found[:] = re.findall(rf"https?://[^/\s]+(/\S*{purpose}/[^\s?#>]+)", text)
            return bool(found)

        await eventually(arrived)
        return found[0]


@dataclass
class Town:
    """Subscriptions, its post, and the portal."""

    subscriptions: Subscriptions
    post: Post
    portal: Portal

    async def close_pool(self) -> None:
        """The attendant's tap."""
        body = {"tap_id": str(uuid4()), "reason": "thunderstorm", "until": None, "seen_version": 0, "by": "kasse"}
        answer = await self.subscriptions.ask(f"/pools/{POOL}/closures", method="POST", headers=AS_PORTAL, body=body)
        assert answer.is_success, answer.text


@asynccontextmanager
async def town_of(bus: Bus, folder: Path) -> AsyncGenerator[Town]:
    """Start real services."""
    post = Post(folder / "post")
    post.folder.mkdir()
    mailing = post.start()
    subscriptions = Subscriptions(bus, folder, mail_relay=f"127.0.0.1:{post.smtp}")
    try:
        subscriptions.start()
        mailing.wait_until_listening(post.http)
        await eventually(subscriptions.ready)
        async with portal_before(folder, f"http://127.0.0.1:{subscriptions.port}") as portal:
            yield Town(subscriptions, post, portal)
    finally:
        subscriptions.stop()
        mailing.stop()


@asynccontextmanager
async def portal_process(bus: Bus, folder: Path, subscriptions_url: str) -> AsyncGenerator[str]:
    """Run the portal as it is run; gives its URL, and sees to it that it ends in good order."""
    port = free_port()
    env = {
        **os.environ,
        "PORTAL_HTTP_PORT": str(port),
        "PORTAL_NATS_URL": bus.server.url,
        "PORTAL_NATS_SEED_FILE": str(bus.server.home.seed_file("portal")),
        "PORTAL_TOKENS_DIR": str(folder / "portal-tokens"),
        "PORTAL_KEY_FILE": str(folder / "cookie.key"),
        "PORTAL_SUBSCRIPTIONS_URL": subscriptions_url,
        "PORTAL_ACCOUNTS_URL": AWAY,
        "PORTAL_APPOINTMENTS_URL": AWAY,
        "PORTAL_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    child = Child([sys.executable, "-m", "services.portal.main"], log=folder / "portal.log", env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        child.wait_until_listening(port)
        async with asking(url) as client:

            async def ready() -> bool:
                return (await client.get("/readyz")).is_success

            await eventually(ready)
        yield url
        assert child.stop() == 0, child.output()
    finally:
        child.stop()
