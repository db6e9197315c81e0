"""The counters' and planners' pages: appointments and accounts as processes, and what their forms send."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from services.portal.web.say import ZONE
from tests.accounts.component.town import Accounts
from tests.appointments.town import Process
from tests.browser.offices import offices_file
from tests.portal.component.duty import Device
from tests.portal.component.town import AWAY, Portal, portal_before
from tests.support.eventually import eventually
from tests.support.nats import Bus, NatsServer, bus_of
from tests.support.workdays import in_days, workday

OFFICE = "dorfhaus"
"""It is open at any hour."""
NEW, HOURS = "/dienst/termine/neu", "/dienst/termine/zeiten"


def _workdays() -> Iterator[date]:
    day = in_days(2)
    while True:
        day = workday(day + timedelta(days=1))
        yield day


DAYS = _workdays()
"""Each test takes a day of its own."""


@dataclass
class Offices:
    """Appointments and accounts as processes, the portal in front of them."""

    appointments: Process
    accounts: Accounts
    portal: Portal
    numbers: Iterator[int] = field(default_factory=count)

    @asynccontextmanager
    async def browser(self, *roles: str) -> AsyncGenerator[httpx.AsyncClient]:
        """Somebody with a device that is signed in."""
        body: dict[str, Any] = {"name": f"{'-'.join(roles)}-{next(self.numbers)}", "roles": list(roles), "pools": []}
        made = (await self.accounts.ask("rathaus", "POST", "/staff/devices", body)).json()
        async with self.portal.visitor() as client:
            await Device("gerät", made["token"], made["pin"]).sign_in(client)
            yield client

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = await self.appointments.ask(path, method=method, body=body)
        assert answer.is_success, answer.text
        return answer.json()


@asynccontextmanager
async def offices_running(nats_server: NatsServer, folder: Path) -> AsyncGenerator[Offices]:
    """Start the services, and a portal that asks them."""
    async with AsyncExitStack() as running:
        bus = await running.enter_async_context(bus_of(nats_server))
        appointments, accounts = _processes(bus, folder)
        for each in (appointments, accounts):
            running.callback(each.stop)
            each.start()
        await eventually(appointments.ready)
        await eventually(accounts.ready)
        urls = [f"http://127.0.0.1:{each.port}" for each in (accounts, appointments)]
        portal = portal_before(folder, AWAY, accounts_url=urls[0], appointments_url=urls[1])
        yield Offices(appointments, accounts, await running.enter_async_context(portal))


def _processes(bus: Bus, folder: Path) -> tuple[Process, Accounts]:
    master = folder / "always.toml"
    master.write_text(offices_file(), "utf-8")
    return Process(bus, folder, more={"APPOINTMENTS_OFFICES_FILE": str(master)}), Accounts(bus, folder)


def starts_at(day: date, clock: str = "10:00") -> str:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZONE).astimezone(UTC).isoformat()


def at(day: date, path: str = "/dienst/termine") -> str:
    return f"{path}?ort={OFFICE}&tag={day}"


def call(day: date, **more: str) -> dict[str, str]:
    """What the form of a phone booking sends."""
    return {
        "booking_id": str(uuid4()),
        "ort": OFFICE,
        "tag": day.isoformat(),
        "anzahl-fundsachen": "1",
        "starts_at": starts_at(day),
        "name": "Anna Beispiel",
        **more,
    }
