"""What the HTTP side reads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.accounts.domain.credentials import token_hash
from services.accounts.storage import staff
from services.accounts.storage.tables import RoutingRow, StaffDeviceRow, StaffSessionRow


async def routing(session: AsyncSession, notice_id: UUID) -> dict[str, str] | None:
    """Return how a notice is delivered and why, None before the decision."""
    row = await session.get(RoutingRow, notice_id)
    if row is None:
        return None
    return {
        "channel": row.channel,
        "reason": row.reason,
        "legal_basis": row.legal_basis,
        "decided_at": row.decided_at.isoformat(),
    }


async def channels_of_run(session: AsyncSession, run_id: UUID) -> dict[str, int]:
    """Count the decisions of a run by channel."""
    rows = await session.execute(
        select(RoutingRow.channel, func.count().label("amount"))
        .where(RoutingRow.run_id == run_id)
        .group_by(RoutingRow.channel)
    )
    return {row.channel: row.amount for row in rows}


async def devices(session: AsyncSession, *, now: datetime) -> list[dict[str, object]]:
    """Return all staff devices by name, with how many sessions each has."""
    live = func.count(StaffSessionRow.session_hash).label("sessions")
    there = (StaffSessionRow.device_id == StaffDeviceRow.device_id) & (StaffSessionRow.expires_at > now)
    rows = await session.execute(
        select(StaffDeviceRow.device_id, live).outerjoin(StaffSessionRow, there).group_by(StaffDeviceRow.device_id)
    )
    sessions = {row.device_id: row.sessions for row in rows}
    found = await session.scalars(select(StaffDeviceRow).order_by(StaffDeviceRow.name))
    return [_with_use(row, sessions.get(row.device_id, 0), now) for row in found]


def _with_use(row: StaffDeviceRow, sessions: int, now: datetime) -> dict[str, object]:
    locked_until = staff.tries_of(row).lock(now)
    return {
        **told(row),
        "made_at": row.made_at.isoformat(),
        "last_used_at": row.last_used_at.isoformat() if row.last_used_at is not None else None,
        "locked_until": locked_until.isoformat() if locked_until is not None else None,
        "sessions": sessions,
    }


async def device_of_link(session: AsyncSession, token: str) -> dict[str, object] | None:
    """Return the staff device that a link opens."""
    row = await staff.by_token(session, token)
    return told(row) if row is not None else None


async def device_of_session(session: AsyncSession, token: str, *, now: datetime) -> dict[str, object] | None:
    """Return who is signed in and until when; None when the session has ended."""
    found = await session.execute(
        select(StaffDeviceRow, StaffSessionRow.expires_at)
        .join(StaffSessionRow, StaffSessionRow.device_id == StaffDeviceRow.device_id)
        .where(StaffSessionRow.session_hash == token_hash(token), StaffSessionRow.expires_at > now)
    )
    row = found.one_or_none()
    return {"device": told(row[0]), "expires_at": row[1].isoformat()} if row is not None else None


def told(row: StaffDeviceRow) -> dict[str, object]:
    """Return what others may know of a staff device."""
    return {"device_id": str(row.device_id), "name": row.name, "roles": row.roles, "pools": row.pools}
