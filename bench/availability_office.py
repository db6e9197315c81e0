"""The office at which `bench.availability` asks: large, and booked almost out."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from chassis.database import Database
from chassis.migrations import ensure_schema
from services.appointments.domain.master_data import MasterData, Need, Office, Resource, Service, Text
from services.appointments.domain.ticks import local_tick
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import FirstSeries
from services.appointments.storage.tables import ClaimRow

COUNTERS, DAYS, SERVICES, SHARE = 50, 60, 20, 0.85
OPENS, CLOSES = time(8), time(16)
OFFICE = "buergerbuero"
NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)
TODAY = date(2026, 11, 1)
_AT_ONCE = 10_000


def town() -> MasterData:
    """Return 50 counters that do all of 20 services."""
    none = Text("", "", "")
    office = Office(OFFICE, "Bürgerbüro", "", "", None, 30, DAYS, None, "A")
    counters = tuple(f"schalter-{number}" for number in range(COUNTERS))
    needs = {OFFICE: (Need("counter", counters),)}
    minutes = [5 + 5 * (number % 12) for number in range(SERVICES)]
    services = [
        Service(f"anliegen-{number}", none, none, (), None, each, 0, needs, 1) for number, each in enumerate(minutes)
    ]
    return MasterData(
        {OFFICE: office},
        {each: Resource(each, OFFICE, "counter", each) for each in counters},
        {each.code: each for each in services},
    )


def claims(master: MasterData, dice: random.Random) -> list[dict[str, Any]]:
    """Return visits one behind the other, each standing with the share that is to be booked."""
    rows: list[dict[str, Any]] = []
    for resource in master.resources:
        for day in (TODAY + timedelta(days=each) for each in range(DAYS + 1)):
            tick, end = local_tick(day, OPENS), local_tick(day, CLOSES)
            while tick < end:
                stop = min(end, tick + dice.choice((1, 2, 3, 3, 4, 4, 6)))
                if dice.random() < SHARE:
                    rows += _claim(resource, range(tick, stop), uuid4())
                tick = stop
    return rows


def _claim(resource: str, ticks: range, booking_id: UUID) -> list[dict[str, Any]]:
    return [
        {"resource": resource, "tick": tick, "booking_id": booking_id, "kind": "booked", "expires_at": None}
        for tick in ticks
    ]


async def filled(url: str, master: MasterData) -> tuple[Database, int]:
    """Return a database with all of it, and how many ticks are claimed."""
    database = Database(url)
    await ensure_schema("services.appointments", database)
    rows = claims(master, random.Random(1))  # noqa: S311 - a load, not a secret
    first = FirstSeries(OFFICE, tuple(master.resources), "public", (0, 1, 2, 3, 4, 5), 1, (OPENS, CLOSES), "")
    async with database.transaction() as session:
        await seed_series(session, master, [first], TODAY)
        for first_row in range(0, len(rows), _AT_ONCE):
            await session.execute(insert(ClaimRow), rows[first_row : first_row + _AT_ONCE])
    return database, len(rows)
