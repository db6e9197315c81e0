"""A whole town for browsers: the services, the portal, mail relay and weather as processes on a real bus."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import uuid4

from tests.accounts.component.town import Accounts
from tests.browser.offices import always_open, offices_file
from tests.browser.pools import pools_file
from tests.portal.component.town import Post
from tests.subscriptions.component.town import AS_PORTAL, AS_RATHAUS, NOBODY, vapid_key
from tests.support.asking import asking
from tests.support.eventually import eventually
from tests.support.nats import Bus, NatsServer, bus_of
from tests.support.processes import Child, free_port

POOL = "freibad-tangerhuette"
LANGUAGES = ("de", "en", "plain")
CLIENT_HEADER = "x-client"
"""Each browser is another client for the rate limits."""


@dataclass(frozen=True)
class Device:
    """A staff device as the town hall hands it out."""

    name: str
    token: str
    pin: str


@dataclass
class Town:
    """Everything runs; `url` is where citizens go, `lonely_url` a portal whose services are away."""

    url: str
    lonely_url: str
    subscriptions_url: str
    appointments_url: str
    weather_url: str
    accounts: Accounts
    post: Post
    database: Path
    calendar: Path
    """The database of the appointments."""

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask subscriptions as the portal does."""
        return await _asked(self.subscriptions_url, method, path, body)

    async def ask_appointments(self, method: str, path: str, body: object = None) -> Any:
        """Ask the appointments as the portal does."""
        return await _asked(self.appointments_url, method, path, body)

    async def close_pool(self, pool: str = POOL, *, reason: str = "thunderstorm", hours: float | None = None) -> None:
        """The attendant's tap."""
        until = None if hours is None else (datetime.now(tz=UTC) + timedelta(hours=hours)).isoformat()
        await self._tap(pool, "closures", {"reason": reason, "until": until})

    async def open_pool(self, pool: str = POOL) -> None:
        await self._tap(pool, "openings", {"mistaken": False})

    async def calm(self) -> None:
        """Open what a test has left closed and end what it has announced, under a clear sky."""
        await self.sky(alerts=[])
        for news in await self.ask("GET", "/news"):
            if not news["ended"] and news["subject"].startswith("alert:"):
                await self.end(news["incident"])
        for pool in await self.ask("GET", "/pools"):
            if pool["state"] == "closed":
                await self.open_pool(pool["pool"])

    async def _tap(self, pool: str, what: str, body: dict[str, Any]) -> None:
        version = (await self.ask("GET", f"/pools/{pool}"))["version"]
        tap = {"tap_id": str(uuid4()), "seen_version": version, "by": "kasse", **body}
        await self.ask("POST", f"/pools/{pool}/{what}", tap)

    async def announce(self, headline: str, *, category: str = "road_closed", german_only: bool = False) -> str:
        """Send a message that needs no second person; the incident."""
        now = datetime.now(tz=UTC)
        texts = {language: {"headline": headline, "body": f"{headline}. Bitte beachten."} for language in LANGUAGES}
        made = await self.ask(
            "POST",
            "/announcements",
            {
                "command_id": str(uuid4()),
                "category": category,
                "areas": [],
                "texts": {"de": texts["de"]} if german_only else texts,
                "valid_from": now.isoformat(),
                "valid_until": (now + timedelta(hours=6)).isoformat(),
                "by": "schreibtisch",
            },
        )
        return str(made["incident"])

    async def update(self, incident: str, headline: str) -> None:
        until = (datetime.now(tz=UTC) + timedelta(hours=8)).isoformat()
        texts = {"de": {"headline": headline, "body": f"{headline}. Bitte weiter beachten."}}
        body = {"command_id": str(uuid4()), "texts": texts, "valid_until": until, "by": "schreibtisch"}
        await self.ask("POST", f"/incidents/{incident}/updates", body)

    async def end(self, incident: str) -> None:
        body = {"command_id": str(uuid4()), "mistaken": False, "by": "schreibtisch"}
        await self.ask("POST", f"/incidents/{incident}/end", body)

    async def take_over(self, *addresses: str, topic: str) -> None:
        """Subscribers of an earlier system."""
        rows = [f"{address};{topic};01.03.2026;Liste 2025;de" for address in addresses]
        content = "\n".join(["email;topics;consented_at;proof;language", *rows, ""])
        headers = {**AS_RATHAUS, "content-type": "text/csv"}
        async with asking(self.subscriptions_url, headers=headers) as client:
            answer = await client.post("/imports", content=content)
        assert answer.is_success, answer.text

    def let_lapse(self, email: str) -> None:
        """Two days pass for the sign-ups of an address."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            connection.execute("UPDATE signup SET expires_at = requested_at WHERE email = ?", (email,))

    def let_holds_lapse(self) -> None:
        """All times that are held now were held too long."""
        past = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-1 hour')"
        with closing(sqlite3.connect(self.calendar, timeout=10)) as connection, connection:
            for table, which in (("claim", "kind = 'hold'"), ("booking", "state = 'held'")):
                connection.execute(f"UPDATE {table} SET expires_at = {past} WHERE {which}")  # noqa: S608 - our words

    async def device(self, name: str, *roles: str, pools: tuple[str, ...] = ()) -> Device:
        body = {"name": f"{name}-{token_hex(3)}", "roles": list(roles), "pools": list(pools)}
        made = (await self.accounts.ask("rathaus", "POST", "/staff/devices", body)).json()
        return Device(made["name"], made["token"], made["pin"])

    async def sky(self, **state: Any) -> None:
        """Change the weather."""
        async with asking(self.weather_url) as client:
            (await client.post("/_control/state", json=state)).raise_for_status()


async def _asked(url: str, method: str, path: str, body: object) -> Any:
    async with asking(url, headers=AS_PORTAL, timeout=40) as client:
        answer = await client.request(method, path, json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


@dataclass
class _Site:
    """Where the processes of one town are started."""

    bus: Bus
    folder: Path
    running: AsyncExitStack

    def run(self, service: str, name: str = "", **settings: object) -> int:
        """Start a service with its settings; the port on which it listens."""
        port = free_port()
        given: dict[str, object] = {
            "http_port": port,
            "nats_url": self.bus.server.url,
            "nats_seed_file": self.bus.server.home.seed_file(service),
            "tokens_dir": self.folder / "tokens",
            **settings,
        }
        env = {**os.environ, **{f"{service}_{key}".upper(): str(value) for key, value in given.items()}}
        log = self.folder / f"{name or service}.log"
        child = Child([sys.executable, "-m", f"services.{service}.main"], log=log, env=env)
        self.running.callback(child.stop)
        child.wait_until_listening(port)
        return port

    def simulate_weather(self) -> int:
        port = free_port()
        command = [sys.executable, "-m", "simulators.weather", "--port", str(port)]
        child = Child(command, log=self.folder / "weather.log")
        self.running.callback(child.stop)
        child.wait_until_listening(port)
        return port

    def prepare(self) -> None:
        """Keys, tokens and the pools' master data."""
        tokens = self.folder / "tokens"
        tokens.mkdir()
        for caller in ("rathaus", "portal"):
            (tokens / f"from-{caller}").write_text(f"of-{caller}\n")
        for callee in ("subscriptions", "accounts", "appointments"):
            (tokens / f"to-{callee}").write_text("of-portal\n")
        for name in ("link.key", "cookie.key"):
            (self.folder / name).write_text(token_hex(32))
        (self.folder / "vapid.pem").write_bytes(vapid_key())
        (self.folder / "pools.toml").write_text(pools_file(datetime.now(tz=UTC)), "utf-8")
        (self.folder / "offices.toml").write_text(offices_file(), "utf-8")

    def keep_appointments(self, post: Post) -> int:
        return self.run(
            "appointments",
            key_file=self.folder / "link.key",
            database_url=f"sqlite+aiosqlite:///{self.folder}/appointments.sqlite",
            mail_relay=f"127.0.0.1:{post.smtp}",
            offices_file=self.folder / "offices.toml",
            proof_difficulty=500,
            replica_seconds=0.1,
        )


@asynccontextmanager
async def town_of(folder: Path) -> AsyncGenerator[Town]:
    """Start it all."""
    server = NatsServer(folder / "nats")
    server.start()
    async with AsyncExitStack() as running:
        running.callback(server.child.stop)
        site = _Site(await running.enter_async_context(bus_of(server)), folder, running)
        site.prepare()
        yield await _started(site)


async def _started(site: _Site) -> Town:
    folder, running = site.folder, site.running
    post, accounts = Post(folder / "post"), Accounts(site.bus, folder)
    post.folder.mkdir()
    running.callback(post.start().stop)
    running.callback(accounts.start().stop)
    weather = f"http://127.0.0.1:{site.simulate_weather()}"
    subscriptions = site.run(
        "subscriptions",
        key_file=folder / "link.key",
        vapid_key_file=folder / "vapid.pem",
        database_url=f"sqlite+aiosqlite:///{folder}/subscriptions.sqlite",
        mail_relay=f"127.0.0.1:{post.smtp}",
        pools_file=folder / "pools.toml",
        second_person_above=1,
        weather_url=weather,
        weather_seconds=1,
    )
    appointments = site.keep_appointments(post)
    ports = {"subscriptions": subscriptions, "accounts": accounts.port, "appointments": appointments}
    shared: dict[str, object] = {"key_file": folder / "cookie.key", "client_header": CLIENT_HEADER}
    near = {f"{name}_url": f"http://127.0.0.1:{port}" for name, port in ports.items()}
    portal = site.run("portal", "portal", **near, **shared)
    lonely = site.run("portal", "lonely", **dict.fromkeys(near, f"http://{NOBODY}"), **shared)
    await eventually(lambda: _ready(portal, *ports.values()))
    town = Town(
        url=f"http://127.0.0.1:{portal}",
        lonely_url=f"http://127.0.0.1:{lonely}",
        subscriptions_url=near["subscriptions_url"],
        appointments_url=near["appointments_url"],
        weather_url=weather,
        accounts=accounts,
        post=post,
        database=folder / "subscriptions.sqlite",
        calendar=folder / "appointments.sqlite",
    )
    await always_open(town.ask_appointments)
    return town


async def _ready(*ports: int) -> bool:
    async with asking("") as client:
        answers = [await client.get(f"http://127.0.0.1:{port}/readyz") for port in ports]
    return all(each.is_success for each in answers)
