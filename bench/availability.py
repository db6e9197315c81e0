"""How long somebody waits for the page with the free times.

    python -m bench.availability [--questions 400]

One office with 50 counters that do all of 20 services (5 to 60 minutes), open eight hours on six days of the week,
60 days ahead, booked to 85 %; on SQLite, through `Planner.days`.
one_service   one question for one service, all 60 days
page          one question for the page of 14 days
after_a_hold  the same for 60 days, right after somebody has taken and somebody has freed a time
candidates    which counters could have one beginning: what every hold asks
cold          the first question after a start, which reads 60 days from the database
Bar: p99 below 50 ms. The same in processor time (`cpu`) is what it takes when other processes do not get in between.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from chassis.database import Database
from chassis.migrations import ensure_schema
from services.appointments.domain.booking import Allocation, Item, Wish
from services.appointments.domain.master_data import MasterData, Need, Office, Resource, Service, Text
from services.appointments.domain.ticks import local_tick
from services.appointments.planner import Planner
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import FirstSeries
from services.appointments.storage.tables import ClaimRow

BAR_MS = 50.0
COUNTERS, DAYS, SERVICES, SHARE = 50, 60, 20, 0.85
OPENS, CLOSES = time(8), time(16)
OFFICE = "buergerbuero"
NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)
TODAY = date(2026, 11, 1)


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


async def filled(folder: Path, master: MasterData) -> tuple[Database, int]:
    """Return a database with all of it, and how many ticks are claimed."""
    database = Database(f"sqlite+aiosqlite:///{folder}/appointments.sqlite")
    await ensure_schema("services.appointments", database)
    rows = claims(master, random.Random(1))  # noqa: S311 - a load, not a secret
    first = FirstSeries(OFFICE, tuple(master.resources), "public", (0, 1, 2, 3, 4, 5), 1, (OPENS, CLOSES), "")
    async with database.transaction() as session:
        await seed_series(session, master, [first], TODAY)
        await session.execute(insert(ClaimRow), rows)
    return database, len(rows)


async def timed(title: str, questions: int, ask: Callable[[int], Awaitable[object]]) -> dict[str, float]:
    """Ask again and again; return median and p99 of the time on the clock and on the processor, in milliseconds."""
    clock: list[float] = []
    cpu: list[float] = []
    for number in range(questions):
        started, worked = perf_counter(), thread_time()
        await ask(number)
        clock.append(1000 * (perf_counter() - started))
        cpu.append(1000 * (thread_time() - worked))
    return {
        f"{title}_p50_ms": round(median(clock), 2),
        f"{title}_p99_ms": round(p99(clock), 2),
        f"{title}_p99_cpu_ms": round(p99(cpu), 2),
    }


def p99(values: Sequence[float]) -> float:
    """Return the value that one of a hundred exceeds."""
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


async def measure(questions: int) -> dict[str, float]:
    """Ask one process, one question after the other."""
    master = town()
    wishes = [Wish(OFFICE, (Item(each),)) for each in master.services]
    visit = Allocation(OFFICE, ("schalter-7",), local_tick(TODAY + timedelta(days=9), time(9)), 4, 4)
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as name:
        database, claimed = await filled(Path(name), master)
        planner = Planner(database, master, replica_seconds=2)

        async def ask(number: int, count: int = DAYS) -> None:
            await planner.days(wishes[number % SERVICES], TODAY, count, audience="public", now=NOW)

        async def ask_after(number: int) -> None:
            planner.took(visit, expires_at=NOW + timedelta(minutes=15))
            planner.freed(visit)
            await ask(number)

        async def candidates(number: int) -> None:
            wish = wishes[number % SERVICES]
            await planner.candidates(wish, visit.starts_at, audience="public", now=NOW)

        async def page(number: int) -> None:
            await ask(number, 14)

        cold = await timed("cold", 1, ask)
        figures = {"claimed_ticks": float(claimed), "cold_ms": cold["cold_p50_ms"]}
        for title, question in (
            ("one_service", ask),
            ("page", page),
            ("after_a_hold", ask_after),
            ("candidates", candidates),
        ):
            figures |= await timed(title, questions, question)
        await database.close()
    return figures | {"bar_ms": BAR_MS}


def main() -> None:
    """Measure and print; the last line is JSON."""
    options = argparse.ArgumentParser(description="free times of 50 counters over 60 days")
    options.add_argument("--questions", type=int, default=400)
    figures = asyncio.run(measure(options.parse_args().questions))
    for key, value in figures.items():
        print(f"{key:28} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
