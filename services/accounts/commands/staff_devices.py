"""Hand out staff devices, take them back, and give them another PIN."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.database import Database
from chassis.dialect import insert_if_absent
from services.accounts.domain.credentials import PinSecret, new_pin, new_token, token_hash
from services.accounts.domain.staff import NameTakenError, NewDevice
from services.accounts.storage import staff
from services.accounts.storage.tables import StaffDeviceRow


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The secrets of a device, told once."""

    token: str
    pin: str


async def add_device(device: NewDevice, *, database: Database, now: Clock) -> HandedOut:
    """Make a device; NameTakenError when another one has its name.

    The same device again, with which nobody has worked yet, gets new secrets: the answer with the first may be lost.
    """
    token, pin = new_token(), new_pin()
    secret = await asyncio.to_thread(PinSecret.of, pin)
    async with database.transaction() as session:
        made = insert_if_absent(session, StaffDeviceRow).values(
            device_id=device.device_id,
            name=device.name,
            roles=list(device.roles),
            pools=list(device.pools),
            token_hash=token_hash(token),
            pin_salt=secret.salt,
            pin_hash=secret.hash,
            tries=0,
            made_at=now(),
        )
        if not (await session.execute(made.returning(StaffDeviceRow.device_id))).all():
            row = await staff.locked(session, device.device_id)
            if row is None or row.name != device.name or row.last_used_at is not None:
                raise NameTakenError
            row.roles, row.pools, row.token_hash = list(device.roles), list(device.pools), token_hash(token)
            staff.set_pin(row, secret)
    return HandedOut(token, pin)


async def renew_pin(device_id: UUID, *, database: Database) -> str | None:
    """Give a device another PIN and end its sessions; None when there is no such device."""
    pin = new_pin()
    secret = await asyncio.to_thread(PinSecret.of, pin)
    async with database.transaction() as session:
        row = await staff.locked(session, device_id)
        if row is None:
            return None
        staff.set_pin(row, secret)
        await staff.end_sessions(session, device_id)
    return pin


async def revoke_device(device_id: UUID, *, database: Database) -> None:
    """Take a device back: its link, its PIN and its sessions open nothing from now on."""
    async with database.transaction() as session:
        await staff.remove(session, device_id)
