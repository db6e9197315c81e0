"""What `bench.holds` is held against: the bare statements, and check-then-insert with row locks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from bench.hold_office import CONNECTIONS, COUNTERS, HELD, NOW, VISIT_TICKS, Attempt, Figures, measured, office
from services.appointments.domain.ticks import tick_of

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
VALUES ({booking}, 'held', 'amt', {resources}, {first}, 4, 4, {items}, 'web', 'K7M2QX',
  'de', '', true, 1, {now}, {expires})
"""
_LOCKED = """
CREATE TABLE locked_counter (counter text PRIMARY KEY);
CREATE TABLE locked_booking (booking_id uuid PRIMARY KEY, counter text, first_tick int, end_tick int, items json);
CREATE INDEX ON locked_booking (counter, first_tick);
"""


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
        await pool.execute(_LOCKED)
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
