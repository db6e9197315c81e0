"""The end of waiting: entries whose last day is over are told so once, in the transaction that ends them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.commands.answer import given_up_at
from services.appointments.commands.transact import transact
from services.appointments.commands.waiting_mail import record_over
from services.appointments.desk import Desk
from services.appointments.domain.ticks import LOCAL
from services.appointments.domain.waiting import Entry
from services.appointments.storage import waiting


async def end_over(desk: Desk) -> None:
    """End all that is over; safe beside another that does the same."""
    now = desk.now()
    async with desk.database.reading() as session:
        found = await waiting.over(session, now, now.astimezone(LOCAL).date())
    for waiting_id in found:

        async def work(session: AsyncSession, waiting_id: UUID = waiting_id) -> None:
            entry = await waiting.find(session, waiting_id, lock=True)
            if entry is not None and entry.state in ("waiting", "unconfirmed"):
                await _end(session, entry, desk)

        await transact(desk, work)


async def _end(session: AsyncSession, entry: Entry, desk: Desk) -> None:
    """Who has never opened the link, or has come to the appointment that they had, is not written to."""
    now = desk.now()
    is_in_vain = entry.state == "waiting" and entry.wanted.last_day < now.astimezone(LOCAL).date()
    if is_in_vain:
        await record_over(session, desk, entry, own=await given_up_at(session, entry, now))
    await waiting.close(session, entry, "expired")
