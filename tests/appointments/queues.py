"""A waiting hall for tests: tickets by hand, and a town with opening hours and appointments of today."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from chassis.database import Database
from services.appointments.commands.queue import take_number
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Booking, Item, Person
from services.appointments.domain.hall import Hall
from services.appointments.domain.queue import Ticket
from services.appointments.domain.ticks import LOCAL, tick_of
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage import bookings, queue
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import read_master_data
from tests.appointments.tables import make_tables
from tests.appointments.town import KEY, Hands, Town

MASTER, _SERIES = read_master_data(None)
OFFICE = "buergerbuero"
MONDAY = datetime(2026, 6, 15, 9, 30, tzinfo=LOCAL).astimezone(UTC)
"""Schalter 1 and 2 are open for everybody, Schalter 3 for staff, until noon."""
PASSPORT, DOG, COLLECT, CONDUCT = Item("reisepass"), Item("hund"), Item("abholung"), Item("fuehrungszeugnis")
"""20 minutes anywhere; 10 at 2 and 3; 5 anywhere; 10 at 1 and 2."""


def a_ticket(number: int, *, joined: float = 0, due: float | None = None, **more: Any) -> Ticket:
    """Somebody who waits; times in minutes from MONDAY."""
    usual: dict[str, Any] = {
        "ticket_id": UUID(int=number),
        "office": OFFICE,
        "day": MONDAY.date(),
        "items": (PASSPORT,),
        "booking_id": None if due is None else UUID(int=1000 + number),
        "state": "waiting",
        "joined_at": MONDAY + timedelta(minutes=joined),
        "due_at": None if due is None else MONDAY + timedelta(minutes=due),
        "resource": None,
        "called_at": None,
        "calls": 0,
        "ended_at": None,
    }
    return Ticket(number=number, **{**usual, **more})


def a_hall(*tickets: Ticket, at: float = 0, **more: Any) -> Hall:
    """A hall whose counters 1 and 2 are open until noon; `at` in minutes from MONDAY."""
    noon = MONDAY.replace(hour=10, minute=0)
    usual: dict[str, Any] = {"awaited": (), "open_until": {"schalter-1": noon, "schalter-2": noon}}
    return Hall(MASTER, OFFICE, MONDAY + timedelta(minutes=at), tickets, **{**usual, **more})


@asynccontextmanager
async def open_hall(url: str, at: datetime = MONDAY) -> AsyncGenerator[Town]:
    """Open a town with the shipped offices and opening hours."""
    database, clock = Database(url), Hands(at)
    async with database.transaction() as session:
        await make_tables(session)
        await seed_series(session, MASTER, _SERIES, MONDAY.date())
    settings = AppointmentsSettings(key_file=Path("unused"))
    planner = Planner(database, MASTER, replica_seconds=settings.replica_seconds)
    yield Town(Desk(database, MASTER, planner, settings, KEY, clock, freed=lambda: None), clock)
    await database.close()


async def a_booking(town: Town, starts_at: datetime, *, items: tuple[Item, ...] = (PASSPORT,), **more: Any) -> Booking:
    """Book at Schalter 1."""
    usual: dict[str, Any] = {
        "booking_id": uuid4(),
        "state": "booked",
        "allocation": Allocation(OFFICE, ("schalter-1",), tick_of(starts_at), 4, 4),
        "items": items,
        "person": Person("Anna Beispiel", "anna@example.org"),
        "channel": "web",
        "number": uuid4().hex[:6].upper(),
        "version": 1,
        "expires_at": None,
        "created_at": town.desk.now(),
    }
    booking = Booking(**{**usual, **more})
    async with town.desk.database.transaction() as session:
        await bookings.add(session, booking, bookings.Origin())
    return booking


async def a_number(town: Town, *items: Item, office: str = OFFICE, ticket_id: UUID | None = None) -> Ticket:
    """Somebody without an appointment takes a number."""
    wanted = items or (PASSPORT,)
    return (await take_number(office, wanted, town.desk, ticket_id=ticket_id or uuid4()))[1]


async def ticket(town: Town, ticket_id: UUID) -> Ticket:
    async with town.desk.database.reading() as session:
        found = await queue.find(session, ticket_id)
    assert found is not None
    return found


async def state_of(town: Town, booking_id: UUID) -> str:
    async with town.desk.database.reading() as session:
        found = await bookings.find(session, booking_id)
    assert found is not None
    return found.state
