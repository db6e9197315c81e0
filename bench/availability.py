"""How long somebody waits for the page with the free times.

    python -m bench.availability [--questions 400]

One office with 50 counters that do all of 20 services (5 to 60 minutes), open eight hours on six days of the week,
60 days ahead, booked to 85 %; through `Planner.days`, on SQLite and on PostgreSQL.
one_service    one question for one service, all 60 days
page           one question for the page of 14 days
after_a_hold   the same for 60 days, right after somebody has taken and somebody has freed a time
stale          the same, when a picture was not looked at for two seconds in which others changed 100 bookings.
               PostgreSQL only: on SQLite there are no others
while_booking  the same, while one and the same process holds times at 50 a second
candidates     which counters could have one beginning: what every hold asks
cold           the first question after a start, which reads 60 days from the database
Bar: p99 below 50 ms. The same in processor time (`cpu`) is what it takes when other processes do not get in between.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from uuid import UUID, uuid4

from sqlalchemy import select, update

from bench.availability_office import DAYS, NOW, OFFICE, SERVICES, TODAY, filled, town
from chassis.database import Database
from services.appointments.commands.hold import HoldOrder, hold
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation, Item, Wish
from services.appointments.domain.master_data import MasterData
from services.appointments.domain.refusal import NotOfferedError, TakenError
from services.appointments.domain.ticks import local_tick
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage.tables import ClaimRow
from tests.support.postgres import Postgres

BAR_MS = 50.0
REPLICA_SECONDS = AppointmentsSettings.model_fields["replica_seconds"].default
HOLDS_PER_SECOND = 50
CHANGED = int(REPLICA_SECONDS * HOLDS_PER_SECOND)
VISIT = Allocation(OFFICE, ("schalter-7",), local_tick(TODAY + timedelta(days=9), time(9)), 4, 4)


@dataclass(frozen=True, slots=True)
class Asking:
    """Those who ask one process, one after the other."""

    planner: Planner
    wishes: Sequence[Wish]

    async def ask(self, number: int, count: int = DAYS) -> None:
        """Ask for all days."""
        await self.planner.days(self.wishes[number % SERVICES], TODAY, count, audience="public", now=NOW)

    async def page(self, number: int) -> None:
        """Ask for one page."""
        await self.ask(number, 14)

    async def ask_after(self, number: int) -> None:
        """Ask when something has just been taken and freed."""
        self.planner.took(VISIT, expires_at=NOW + timedelta(minutes=15))
        self.planner.freed(VISIT)
        await self.ask(number)

    async def candidates(self, number: int) -> None:
        """Ask who could."""
        await self.planner.candidates(self.wishes[number % SERVICES], VISIT.starts_at, audience="public", now=NOW)


async def nothing() -> None:
    """Do nothing before a question."""


async def timed(
    title: str,
    questions: int,
    ask: Callable[[int], Awaitable[object]],
    before: Callable[[], Awaitable[object]] = nothing,
) -> dict[str, float]:
    """Ask again and again; return median and p99 of the time on the clock and on the processor, in milliseconds."""
    clock: list[float] = []
    cpu: list[float] = []
    for number in range(questions):
        await before()
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


async def stale(questions: int, database: Database, master: MasterData, wishes: Sequence[Wish]) -> dict[str, float]:
    """Ask a replica for which every day is old each time, and to which 100 bookings are new."""
    replica = Asking(Planner(database, master, replica_seconds=0), wishes)
    async with database.reading() as session:
        booked = list(await session.scalars(select(ClaimRow.booking_id).distinct()))
    chance = random.Random(2)  # noqa: S311 - a load, not a secret

    async def others() -> None:
        changed: list[UUID] = chance.sample(booked, CHANGED)
        async with database.transaction() as session:
            await session.execute(update(ClaimRow).where(ClaimRow.booking_id.in_(changed)).values(kind="booked"))

    await replica.ask(0)
    return await timed("stale", questions, replica.ask, others)


async def while_booking(questions: int, desk: Desk, asking: Asking) -> dict[str, float]:
    """Ask while times are held, as the API does both."""
    days = await desk.planner.days(asking.wishes[0], TODAY, DAYS, audience="public", now=NOW)
    starts = [start for day in days for start in day.starts]
    held = 0

    async def one(starts_at: datetime) -> None:
        nonlocal held
        order = HoldOrder(uuid4(), asking.wishes[0], starts_at, "public", "web", "de", None, None, None)
        try:
            await hold(order, desk)
        except (TakenError, NotOfferedError):
            return
        held += 1

    async def writer(group: asyncio.TaskGroup) -> None:
        chance = random.Random(3)  # noqa: S311 - a load, not a secret
        for number in itertools.count(1):
            group.create_task(one(chance.choice(starts)))
            await asyncio.sleep(began + number / HOLDS_PER_SECOND - perf_counter())

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(writer(group))
        figures = await timed("while_booking", questions, asking.ask, lambda: asyncio.sleep(0.02))
        writing.cancel()
    return figures | {"while_booking_held_per_second": round(held / (perf_counter() - began), 1)}


async def measure(url: str, questions: int) -> dict[str, float]:
    """Ask one process, one question after the other."""
    master = town()
    database, claimed = await filled(url, master)
    asking = Asking(
        Planner(database, master, replica_seconds=REPLICA_SECONDS),
        [Wish(OFFICE, (Item(each),)) for each in master.services],
    )
    settings = AppointmentsSettings(database_url=url, key_file=Path("unused"))
    desk = Desk(database, master, asking.planner, settings, b"k" * 32, lambda: NOW, freed=lambda: None)
    cold = await timed("cold", 1, asking.ask)
    figures = {"claimed_ticks": float(claimed), "cold_ms": cold["cold_p50_ms"]}
    for title, question in (
        ("one_service", asking.ask),
        ("page", asking.page),
        ("after_a_hold", asking.ask_after),
        ("candidates", asking.candidates),
    ):
        figures |= await timed(title, questions, question)
    if not database.is_sqlite:
        figures |= await stale(questions, database, master, asking.wishes)
    figures |= await while_booking(questions, desk, asking)
    await database.close()
    return figures


def measure_both(questions: int) -> dict[str, float]:
    """Measure on fresh databases of both kinds."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as folder:
        postgres = Postgres(durable=True)
        postgres.start()
        try:
            for url in (f"sqlite+aiosqlite:///{folder}/appointments.sqlite", postgres.new_database()):
                found = asyncio.run(measure(url, questions))
                figures |= {f"{url.partition('+')[0]}_{name}": value for name, value in found.items()}
        finally:
            postgres.remove()
    return figures | {"bar_ms": BAR_MS}


def main() -> None:
    """Measure and print; the last line is JSON."""
    options = argparse.ArgumentParser(description="free times of 50 counters over 60 days")
    options.add_argument("--questions", type=int, default=400)
    figures = measure_both(options.parse_args().questions)
    for key, value in figures.items():
        print(f"{key:44} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
