"""Queries for staff devices and their sessions; each works in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.domain.credentials import PinSecret, token_hash
from services.accounts.domain.staff import Tries
from services.accounts.storage.tables import StaffDeviceRow, StaffSessionRow


async def by_token(session: AsyncSession, token: str) -> StaffDeviceRow | None:
    """Return the device that a link opens."""
    return await session.scalar(select(StaffDeviceRow).where(StaffDeviceRow.token_hash == token_hash(token)))


async def locked_by_token(session: AsyncSession, token: str) -> StaffDeviceRow | None:
    """Return the device that a link opens, and hold its row until the transaction ends."""
    return await session.scalar(
        select(StaffDeviceRow).where(StaffDeviceRow.token_hash == token_hash(token)).with_for_update()
    )


async def by_name(session: AsyncSession, name: str) -> StaffDeviceRow | None:
    """Return the device of a name."""
    return await session.scalar(select(StaffDeviceRow).where(StaffDeviceRow.name == name))


async def locked(session: AsyncSession, device_id: UUID) -> StaffDeviceRow | None:
    """Return a device and hold its row until the transaction ends."""
    return await session.get(StaffDeviceRow, device_id, with_for_update=True)


async def remove(session: AsyncSession, device_id: UUID) -> None:
    """Remove a device and with it its sessions."""
    await session.execute(delete(StaffDeviceRow).where(StaffDeviceRow.device_id == device_id))


async def end_sessions(session: AsyncSession, device_id: UUID) -> None:
    """End all sessions of a device."""
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.device_id == device_id))


async def end_session(session: AsyncSession, token: str) -> None:
    """End one session."""
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.session_hash == token_hash(token)))


async def sweep(session: AsyncSession, *, now: datetime) -> int:
    """Forget the sessions that have expired, and say how many."""
    gone = await session.execute(
        delete(StaffSessionRow).where(StaffSessionRow.expires_at <= now).returning(StaffSessionRow.session_hash)
    )
    return len(gone.all())


def tries_of(row: StaffDeviceRow) -> Tries:
    """Return how often a PIN was guessed."""
    return Tries(row.tries, row.locked_until)


def pin_of(row: StaffDeviceRow) -> PinSecret:
    """Return what is kept of the PIN."""
    return PinSecret(row.pin_salt, row.pin_hash)


def set_tries(row: StaffDeviceRow, tries: Tries) -> None:
    """Note the guesses."""
    row.tries, row.locked_until = tries.booked, tries.locked_until


def set_pin(row: StaffDeviceRow, pin: PinSecret) -> None:
    """Give a device another PIN; what was guessed of the last one is forgotten."""
    row.pin_salt, row.pin_hash = pin.salt, pin.hash
    set_tries(row, Tries())
