"""A town whose staff has devices: subscriptions and accounts as processes, the portal in front of them."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from chassis.clock import utc_now
from services.subscriptions.storage.tables import ProposalRow, WeatherWatchRow
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

    def propose(self, action: str, words: str) -> UUID:
        """Leave a proposal of the weather watcher, who has lost sight since."""
        now, proposal_id = utc_now(), uuid4()
        proposal = ProposalRow(proposal_id=proposal_id, pool=POOL, action=action, rule="thunderstorm", state="open")
        proposal.evidence, proposal.made_at, proposal.expires_at = {"words": words}, now, now + timedelta(hours=1)
        watch = WeatherWatchRow(pool=POOL, state="blind", since=now, seen={}, looked_at=now, told=False, stretches={})
        engine = create_engine(f"sqlite:///{self.subscriptions.folder}/subscriptions.sqlite")
        with Session(engine) as session:
            session.merge(watch)
            session.add(proposal)
            session.commit()
        engine.dispose()
        return proposal_id

    async def state(self) -> dict[str, Any]:
        return await self.subscriptions.json(f"/pools/{POOL}")


@asynccontextmanager
async def duty_town(bus: Bus, folder: Path) -> AsyncGenerator[DutyTown]:
    subscriptions, accounts = Subscriptions(bus, folder), Accounts(bus, folder)
    try:
        subscriptions.start()
        accounts.start()
        await eventually(subscriptions.ready)
        await eventually(accounts.ready)
        urls = [f"http://127.0.0.1:{each.port}" for each in (subscriptions, accounts)]
        async with portal_before(folder, urls[0], accounts_url=urls[1]) as portal:
            yield DutyTown(subscriptions, accounts, portal)
    finally:
        subscriptions.stop()
        accounts.stop()


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in FIELD.findall(form)}
