"""A town whose staff has devices: subscriptions and accounts as processes, the portal in front of them."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from tests.accounts.component.town import Accounts
from tests.portal.component.town import POOL, Portal, portal_before
from tests.subscriptions.component.town import Subscriptions
from tests.support.eventually import eventually
from tests.support.nats import Bus

DUTY = f"/dienst/bad/{POOL}"
DESK = "/dienst/meldungen"
FIELD = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')


@dataclass
class Device:
    """What the town hall hands out."""

    name: str
    token: str
    pin: str

    async def sign_in(self, client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(f"/dienst/{self.token}", data={"pin": self.pin})


@dataclass
class DutyTown:
    """Everything that staff pages stand on."""

    subscriptions: Subscriptions
    accounts: Accounts
    portal: Portal

    async def device(self, name: str, *roles: str, pools: tuple[str, ...] = ()) -> Device:
        body: dict[str, Any] = {"name": name, "roles": list(roles), "pools": list(pools)}
        answer = await self.accounts.ask("rathaus", "POST", "/staff/devices", body)
        made = answer.json()
        return Device(name, made["token"], made["pin"])

    async def attendant(self) -> Device:
        return await self.device("kasse-1", "attendant", pools=(POOL,))

    async def state(self) -> dict[str, Any]:
        return await self.subscriptions.json(f"/pools/{POOL}")


@asynccontextmanager
async def duty_town(bus: Bus, folder: Path, **settings: Any) -> AsyncGenerator[DutyTown]:
    subscriptions, accounts = Subscriptions(bus, folder), Accounts(bus, folder)
    try:
        subscriptions.start()
        accounts.start()
        await eventually(subscriptions.ready)
        await eventually(accounts.ready)
        urls = {"accounts_url": f"http://127.0.0.1:{accounts.port}", **settings}
        async with portal_before(folder, f"http://127.0.0.1:{subscriptions.port}", **urls) as portal:
            yield DutyTown(subscriptions, accounts, portal)
    finally:
        subscriptions.stop()
        accounts.stop()


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in FIELD.findall(form)}
