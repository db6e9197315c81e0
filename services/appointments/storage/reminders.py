"""What the bus is to remind us of (Terminerinnerung): a row is the promise, the schedule on the bus its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.appointments.storage.tables import ReminderRow

_OPEN = ReminderRow.scheduled_version != ReminderRow.version


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reminder as it should lie on the bus."""

    booking_id: UUID
    version: int
    remind_at: datetime | None
    """None: it is to be taken away."""


async def want(session: AsyncSession, each: Wanted) -> None:
    """State what the bus should have, in the transaction of the change."""
    fields = {"version": each.version, "remind_at": each.remind_at, "scheduled_version": 0}
    changed = await session.scalar(
        update(ReminderRow)
        .where(ReminderRow.booking_id == each.booking_id)
        .values(**fields)
        .returning(ReminderRow.booking_id)
    )
    if changed is None and each.remind_at is not None:
        await session.execute(insert_if_absent(session, ReminderRow), [{"booking_id": each.booking_id, **fields}])


async def wanted(session: AsyncSession, booking_id: UUID) -> Wanted | None:
    """Return what the bus should have."""
    row = await session.get(ReminderRow, booking_id)
    return None if row is None else Wanted(row.booking_id, row.version, row.remind_at)


async def again(session: AsyncSession, booking_id: UUID, *, newer_than: int) -> None:
    """Have it brought to the bus once more, if it is newer than what has come from there."""
    await session.execute(
        update(ReminderRow)
        .where(ReminderRow.booking_id == booking_id, ReminderRow.version > newer_than)
        .values(scheduled_version=0)
    )


async def unscheduled(session: AsyncSession, *, most: int) -> Sequence[Wanted]:
    """Return what the bus does not have as it is now, the most urgent first."""
    columns = (ReminderRow.booking_id, ReminderRow.version, ReminderRow.remind_at)
    rows = await session.execute(select(*columns).where(_OPEN).order_by(ReminderRow.remind_at).limit(most))
    return [Wanted(*row) for row in rows]


async def count_unscheduled(session: AsyncSession) -> int:
    """Return how many the bus does not have as they are now."""
    return await session.scalar(select(func.count()).select_from(ReminderRow).where(_OPEN)) or 0


async def scheduled(session: AsyncSession, each: Wanted) -> None:
    """Note that the bus has it; one that has changed meanwhile stays open."""
    same = (ReminderRow.booking_id == each.booking_id, ReminderRow.version == each.version)
    if each.remind_at is None:
        await session.execute(delete(ReminderRow).where(*same, ReminderRow.remind_at.is_(None)))
        return
    await session.execute(
        update(ReminderRow)
        .where(*same, ReminderRow.remind_at == each.remind_at)
        .values(scheduled_version=ReminderRow.version)
    )


async def drop_old(session: AsyncSession, *, before: datetime) -> None:
    """Forget reminders whose time is long over."""
    await session.execute(delete(ReminderRow).where(ReminderRow.remind_at < before))
