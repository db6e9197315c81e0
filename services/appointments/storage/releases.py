"""Tickets of the waiting rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.dialect import insert_if_absent
from services.appointments.storage.tables import ReleaseTicketRow


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in one waiting room."""

    ticket_id: UUID
    office: str
    day: date
    order_key: float
    joined_at: datetime
    passes: int


async def find(session: AsyncSession, ticket_id: UUID) -> Ticket | None:
    """Return a ticket."""
    row = await session.get(ReleaseTicketRow, ticket_id)
    if row is None:
        return None
    office, _, day = row.release.rpartition(":")
    return Ticket(row.ticket_id, office, date.fromisoformat(day), row.order_key, row.joined_at, row.passes)


async def add(
    session: AsyncSession, ticket_id: UUID, release: str, *, order_key: float, joined_at: datetime, client_mac: str
) -> bool:
    """Add a ticket; False when there is one of this id already."""
    row = {
        "ticket_id": ticket_id,
        "release": release,
        "order_key": order_key,
        "joined_at": joined_at,
        "client_mac": client_mac,
        "passes": 0,
    }
    statement = insert_if_absent(session, ReleaseTicketRow).values(row).returning(ReleaseTicketRow.ticket_id)
    return (await session.execute(statement)).first() is not None


async def count_of_client(session: AsyncSession, release: str, client_mac: str) -> int:
    """Count the tickets of one address."""
    theirs = (ReleaseTicketRow.release == release, ReleaseTicketRow.client_mac == client_mac)
    return await session.scalar(select(func.count()).select_from(ReleaseTicketRow).where(*theirs)) or 0


async def rank(session: AsyncSession, release: str, order_key: float) -> int:
    """Count who comes before."""
    before = (ReleaseTicketRow.release == release, ReleaseTicketRow.order_key < order_key)
    return await session.scalar(select(func.count()).select_from(ReleaseTicketRow).where(*before)) or 0


async def count(session: AsyncSession, release: str) -> int:
    """Count everybody in a waiting room."""
    here = ReleaseTicketRow.release == release
    return await session.scalar(select(func.count()).select_from(ReleaseTicketRow).where(here)) or 0


async def note_pass(session: AsyncSession, ticket_id: UUID, *, most: int) -> bool:
    """Count a time held with a ticket; False when it had its share."""
    counted = await session.execute(
        update(ReleaseTicketRow)
        .where(ReleaseTicketRow.ticket_id == ticket_id, ReleaseTicketRow.passes < most)
        .values(passes=ReleaseTicketRow.passes + 1)
        .returning(ReleaseTicketRow.ticket_id)
    )
    return counted.first() is not None
