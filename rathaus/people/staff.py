"""What `rathaus staff` does, once the town hall stands."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import segno
from pydantic import BaseModel, ConfigDict, TypeAdapter

from rathaus.levy.client import Service
from rathaus.levy.commands import DONE, REFUSED
from rathaus.levy.tables import Terminal, cell, plain_table
from rathaus.words import TOWN_TIME


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Device(_Answer):
    """A staff device as accounts knows it."""

    device_id: UUID
    name: str
    roles: tuple[str, ...]
    pools: tuple[str, ...]
    made_at: datetime
    last_used_at: datetime | None
    locked_until: datetime | None
    sessions: int


class _HandedOut(_Answer):
    token: str
    pin: str


class _Pin(_Answer):
    pin: str


class _Pool(_Answer):
    pool: str


_DEVICES = TypeAdapter(tuple[Device, ...])
_POOLS = TypeAdapter(tuple[_Pool, ...])


@dataclass(frozen=True, slots=True)
class Registration:
    """A device as the operator describes it."""

    name: str
    roles: tuple[str, ...]
    pools: tuple[str, ...]


class StaffCommands:
    """The commands on one town hall; each returns an exit status."""

    def __init__(self, terminal: Terminal, accounts: Service, subscriptions: Service, *, portal_url: str) -> None:
        """Do nothing yet."""
        self._terminal = terminal
        self._say = terminal.say
        self._accounts = accounts
        self._subscriptions = subscriptions
        self._portal_url = portal_url

    async def add(self, wanted: Registration) -> int:
        """Register a device and show its link and PIN, once."""
        known = [each.pool for each in _POOLS.validate_json(await self._subscriptions.get("/pools"))]
        for pool in wanted.pools:
            if pool not in known:
                self._say("no_such_pool", pool=pool, known=self._listed(known))
                return REFUSED
        # The id is ours, so that a call whose answer was lost can be repeated.
        body = {"device_id": str(uuid4()), "name": wanted.name, "roles": wanted.roles, "pools": wanted.pools}
        made = _HandedOut.model_validate_json(await self._accounts.call("POST", "/staff/devices", json=body))
        self._say("staff_added", name=wanted.name)
        url = f"{self._portal_url}/dienst/{made.token}"
        self._say("staff_link", url=url)
        self._say("staff_pin", pin=made.pin)
        self._say("staff_how")
        if self._terminal.console.is_terminal:
            self._terminal.line(qr_code(url))
        return DONE

    async def show(self) -> int:
        """List who works with what."""
        devices = await self._devices()
        if not devices:
            self._say("staff_none")
            return DONE
        say = self._terminal.words.say
        columns = ("name", "roles", "pools", "since", "last_used", "state")
        table = plain_table(say("staff_title"), *(say(f"staff_{each}") for each in columns))
        for each in devices:
            roles = "\n".join(say(f"role_{role}") for role in each.roles)
            cells = (
                each.name,
                roles,
                "\n".join(each.pools),
                _day(each.made_at),
                _day(each.last_used_at),
                self._state(each),
            )
            table.add_row(*(cell(text) for text in cells))
        self._terminal.console.print(table)
        return DONE

    async def remove(self, name: str) -> int:
        """Take a device out; it opens nothing from now on."""
        device = await self._device(name)
        if device is None:
            return REFUSED
        await self._accounts.call("DELETE", f"/staff/devices/{device.device_id}")
        self._say("staff_removed", name=name)
        return DONE

    async def new_pin(self, name: str) -> int:
        """Give a device another PIN and show it, once."""
        device = await self._device(name)
        if device is None:
            return REFUSED
        answer = await self._accounts.call("POST", f"/staff/devices/{device.device_id}/pin")
        self._say("staff_renewed", name=name)
        self._say("staff_pin", pin=_Pin.model_validate_json(answer).pin)
        return DONE

    async def _devices(self) -> tuple[Device, ...]:
        return _DEVICES.validate_json(await self._accounts.get("/staff/devices"))

    async def _device(self, name: str) -> Device | None:
        devices = await self._devices()
        found = next((each for each in devices if each.name == name), None)
        if found is None:
            self._say("no_such_device", name=name, known=self._listed([each.name for each in devices]))
        return found

    def _listed(self, names: list[str]) -> str:
        return ", ".join(names) or self._terminal.words.say("none_known")

    def _state(self, device: Device) -> str:
        if device.locked_until is not None:
            time = f"{device.locked_until.astimezone(TOWN_TIME):%H:%M}"
            return self._terminal.words.say("staff_locked", time=time)
        return self._terminal.words.say("staff_signed_in" if device.sessions else "staff_signed_out")


def qr_code(url: str) -> str:
    """Draw a QR code with half blocks, so that a telephone reads it from the screen."""
    drawn = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue().rstrip("\n")


def _day(value: datetime | None) -> str:
    return f"{value.astimezone(TOWN_TIME):%d.%m.%Y}" if value is not None else ""
