"""The office at which `bench.holds` asks, and those who ask."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from chassis.database import Database
from chassis.mail_tables import MailBase
from chassis.tables import ChassisBase
from services.appointments.desk import Desk
from services.appointments.domain.ticks import LOCAL
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import read_master_data
from services.appointments.storage.tables import Base

COUNTERS = 50
AT_ONCE = 64
CONNECTIONS = 16
VISIT_TICKS = 4
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HELD = timedelta(minutes=15)
_OFFICE = """
[offices.amt]
name = "Amt"
address = "Bismarckstraße 5"
phone = "03935 1"
latest_minutes = 30
days_ahead = 60
ticket_prefix = "A"

[services.ausweis]
minutes = 20
name = { de = "Ausweis", en = "Identity card", plain = "Ausweis" }
hint = { de = "", en = "", plain = "" }
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One person wants one time; `counter` is the choice for the baselines, which cannot choose by themselves."""

    starts_at: datetime
    counter: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way of holding did."""

    per_second: float
    p99_milliseconds: float
    held: int


def attempts_of(number: int) -> list[Attempt]:
    """Return what is wanted: a third of all want one of the first two days."""
    chance = random.Random(11)  # noqa: S311 - the same people in every run
    found: list[Attempt] = []
    for _ in range(number):
        day = chance.randrange(2) if chance.random() < 1 / 3 else chance.randrange(2, 30)
        at = datetime(2026, 11, 24, 9, tzinfo=LOCAL) + timedelta(days=day, minutes=20 * chance.randrange(21))
        found.append(Attempt(at.astimezone(UTC), f"schalter-{chance.randrange(COUNTERS)}"))
    return found


async def measured(attempts: Sequence[Attempt], ask: Callable[[Attempt], Awaitable[bool]]) -> Figures:
    """Let so many at once ask, one after the other each."""
    waiting = iter(attempts)
    waits: list[float] = []
    got: list[bool] = []

    async def person() -> None:
        for attempt in waiting:
            begun = perf_counter()
            got.append(await ask(attempt))
            waits.append(perf_counter() - begun)

    begun = perf_counter()
    await asyncio.gather(*(person() for _ in range(AT_ONCE)))
    seconds = perf_counter() - begun
    p99 = sorted(waits)[int(len(waits) * 0.99)]
    return Figures(round(len(attempts) / seconds), round(1000 * p99, 1), sum(got))


@asynccontextmanager
async def office(folder: Path, url: str) -> AsyncGenerator[Desk]:
    """Open an office with its counters on an empty database."""
    counters = [f"schalter-{number}" for number in range(COUNTERS)]
    parts = [_OFFICE, f'needs.amt = [{{ kind = "counter", any_of = {json.dumps(counters)} }}]']
    parts += [f'[resources.{each}]\noffice = "amt"\nkind = "counter"\nname = "{each}"' for each in counters]
    parts.append(
        f'[[series]]\noffice = "amt"\nresources = {json.dumps(counters)}\naudience = "public"\n'
        'weekdays = [0, 1, 2, 3, 4, 5, 6]\nhours = ["09:00", "16:00"]'
    )
    (folder / "offices.toml").write_text("\n".join(parts), "utf-8")
    master, series = read_master_data(folder / "offices.toml")
    database = Database(url)
    async with database.transaction() as session:
        connection = await session.connection()
        for base in (ChassisBase, MailBase, Base):
            await connection.run_sync(base.metadata.create_all)
        await seed_series(session, master, series, NOW.date())
    settings = AppointmentsSettings(database_url=url, key_file=folder / "unused")
    planner = Planner(database, master, replica_seconds=settings.replica_seconds)
    yield Desk(database, master, planner, settings, b"k" * 32, lambda: NOW, freed=lambda: None)
    await database.close()
