"""Many want appointments at once: hold attempts per second, and how long the slowest hundredth waits.

    python -m bench.holds [--attempts 3000]

One office with 50 counters, visits of 20 minutes, 64 who ask at once; some times are wanted by many.
hold         the command as the API calls it: calendar, claims, booking, commit; SQLite (synchronous=FULL), PostgreSQL
bare         (a) the same two statements and a commit by the driver alone: no calendar, no counter to choose, no checks
lock_check   (b) check-then-insert as others do it: SELECT ... FOR UPDATE of the counter, look for an overlap, INSERT.
             PostgreSQL only: SQLite has no row locks
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import asyncpg

from chassis.database import Database
from chassis.mail_tables import MailBase
from chassis.tables import ChassisBase
from services.appointments.commands.hold import HoldOrder, hold
from services.appointments.desk import Desk
from services.appointments.domain.booking import Item, Wish
from services.appointments.domain.refusal import TakenError
from services.appointments.domain.ticks import LOCAL, tick_of
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import read_master_data
from services.appointments.storage.tables import Base
from tests.support.postgres import Postgres

GOAL = 0.5
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
_TAKE = """
WITH RECURSIVE ticks(tick) AS (SELECT {first} UNION ALL SELECT tick + 1 FROM ticks WHERE tick < {last})
INSERT INTO claim (resource, tick, booking_id, kind, expires_at)
SELECT {resource}, tick, {booking}, 'hold', {expires} FROM ticks WHERE true
ON CONFLICT (resource, tick) DO UPDATE
SET booking_id = excluded.booking_id, kind = excluded.kind, expires_at = excluded.expires_at
WHERE claim.expires_at <= {now}
"""
_ADD = """
INSERT INTO booking (booking_id, state, office, resources, first_tick, ticks, visit_ticks, items, channel, number,
  language, note, proven, version, created_at, expires_at)
VALUES ({booking}, 'held', 'amt', {resources}, {first}, 4, 4, {items}, 'web', 'K7M2QX', 'de', '', true, 1, {now}, {expires})
"""
_PRICES_OF_LOCKS = """
CREATE TABLE locked_counter (counter text PRIMARY KEY);
CREATE TABLE locked_booking (booking_id uuid PRIMARY KEY, counter text, first_tick int, end_tick int, items json);
CREATE INDEX ON locked_booking (counter, first_tick);
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


async def through_the_service(folder: Path, url: str, attempts: Sequence[Attempt]) -> Figures:
    """Hold as the API does."""
    async with office(folder, url) as desk:

        async def ask(attempt: Attempt) -> bool:
            order = HoldOrder(
                uuid4(), Wish("amt", (Item("ausweis"),)), attempt.starts_at, "public", "web", "de", None, None, None
            )
            try:
                await hold(order, desk)
            except TakenError:
                return False
            return True

        return await measured(attempts, ask)


async def bare_sqlite(folder: Path, attempts: Sequence[Attempt]) -> Figures:
    """Run the same statements in one thread: SQLite has one writer."""
    path = folder / "bare.sqlite"
    async with office(folder, f"sqlite+aiosqlite:///{path}"):
        pass
    names = ("first", "last", "resource", "booking", "expires", "now", "resources", "items")
    take, add = (each.format(**{name: f":{name}" for name in names}) for each in (_TAKE, _ADD))
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")

    async def ask(attempt: Attempt) -> bool:
        values = _values(attempt) | {"booking": uuid4().hex}
        values |= {"now": _as_text(NOW), "expires": _as_text(NOW + HELD)}
        connection.execute("BEGIN IMMEDIATE")
        before = connection.total_changes
        connection.execute(take, values)
        if connection.total_changes - before != VISIT_TICKS:
            connection.execute("ROLLBACK")
            return False
        connection.execute(add, values)
        connection.execute("COMMIT")
        return True

    figures = await measured(attempts, ask)
    connection.close()
    return figures


@asynccontextmanager
async def connections(url: str) -> AsyncGenerator[Any]:
    """Open a pool of the driver, which has no types."""
    dsn = url.replace("postgresql+asyncpg", "postgresql")
    driver: Any = asyncpg
    async with driver.create_pool(dsn, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        yield pool


async def bare_postgresql(folder: Path, url: str, attempts: Sequence[Attempt]) -> Figures:
    """Run the same statements by asyncpg."""
    async with office(folder, url), connections(url) as pool:
        take = _TAKE.format(
            first="$1::int",
            last="$2::int",
            resource="$3::text",
            booking="$4::uuid",
            expires="$5::timestamptz",
            now="$6",
        )
        add = _ADD.format(booking="$1", resources="$2", first="$3", items="$4", now="$5", expires="$6")

        async def ask(attempt: Attempt) -> bool:
            values, booking = _values(attempt), uuid4()
            first, now, expires = values["first"], values["now"], values["expires"]
            async with pool.acquire() as connection:
                transaction = connection.transaction()
                await transaction.start()
                status = await connection.execute(
                    take, first, values["last"], values["resource"], booking, expires, now
                )
                if status != f"INSERT 0 {VISIT_TICKS}":
                    await transaction.rollback()
                    return False
                await connection.execute(add, booking, values["resources"], first, values["items"], now, expires)
                await transaction.commit()
            return True

        return await measured(attempts, ask)


async def locked_postgresql(url: str, attempts: Sequence[Attempt]) -> Figures:
    """Lock the counter's row, look for an overlap, insert."""
    async with connections(url) as pool:
        await pool.execute(_PRICES_OF_LOCKS)
        await pool.executemany(
            "INSERT INTO locked_counter VALUES ($1)", [(f"schalter-{number}",) for number in range(COUNTERS)]
        )

        async def ask(attempt: Attempt) -> bool:
            values = _values(attempt)
            first, end = values["first"], values["last"] + 1
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute(
                    "SELECT counter FROM locked_counter WHERE counter = $1 FOR UPDATE", values["resource"]
                )
                taken = await connection.fetchval(
                    "SELECT count(*) FROM locked_booking WHERE counter = $1 AND first_tick < $3 AND end_tick > $2",
                    *(values["resource"], first, end),
                )
                if taken:
                    return False
                await connection.execute(
                    "INSERT INTO locked_booking VALUES ($1, $2, $3, $4, $5)",
                    *(uuid4(), values["resource"], first, end, values["items"]),
                )
            return True

        return await measured(attempts, ask)


def _as_text(at: datetime) -> str:
    """Return an instant as SQLAlchemy writes it to SQLite."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _values(attempt: Attempt) -> dict[str, Any]:
    first = tick_of(attempt.starts_at)
    return {
        "first": first,
        "last": first + VISIT_TICKS - 1,
        "resource": attempt.counter,
        "resources": json.dumps([attempt.counter]),
        "items": '[{"service": "ausweis", "count": 1}]',
        "now": NOW,
        "expires": NOW + HELD,
    }


async def measure(number: int) -> dict[str, Any]:
    """Hold in every way, on fresh databases."""
    attempts = attempts_of(number)
    ways: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as name:
        folder, postgres = Path(name), Postgres(durable=True)
        postgres.start()
        try:
            sqlite = f"sqlite+aiosqlite:///{folder}/holds.sqlite"
            ways["sqlite_hold"] = await through_the_service(folder, sqlite, attempts)
            ways["sqlite_bare"] = await bare_sqlite(folder, attempts)
            ways["postgresql_hold"] = await through_the_service(folder, postgres.new_database(), attempts)
            ways["postgresql_bare"] = await bare_postgresql(folder, postgres.new_database(), attempts)
            ways["postgresql_lock_check"] = await locked_postgresql(postgres.new_database(), attempts)
        finally:
            postgres.remove()
    figures: dict[str, Any] = {"attempts": number, "at_once": AT_ONCE}
    for way, found in ways.items():
        figures |= {
            f"{way}_per_second": found.per_second,
            f"{way}_p99_ms": found.p99_milliseconds,
            f"{way}_held": found.held,
        }
    for kind in ("sqlite", "postgresql"):
        figures[f"{kind}_of_bare"] = round(ways[f"{kind}_hold"].per_second / ways[f"{kind}_bare"].per_second, 2)
    of_locks = ways["postgresql_hold"].per_second / ways["postgresql_lock_check"].per_second
    return figures | {"postgresql_of_lock_check": round(of_locks, 2), "goal_of_bare": GOAL}


def main() -> None:
    """Measure and print; the last line is JSON."""
    options = argparse.ArgumentParser(description="hold attempts per second beside the bare statements")
    options.add_argument("--attempts", type=int, default=3000)
    figures = asyncio.run(measure(options.parse_args().attempts))
    for key, value in figures.items():
        print(f"{key:34} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
