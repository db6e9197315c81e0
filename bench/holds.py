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
import tempfile
from collections.abc import Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.hold_baselines import bare_postgresql, bare_sqlite, locked_postgresql
from bench.hold_office import AT_ONCE, Attempt, Figures, attempts_of, measured, office
from services.appointments.commands.hold import HoldOrder, hold
from services.appointments.domain.booking import Item, Wish
from services.appointments.domain.refusal import TakenError
from tests.support.postgres import Postgres

GOAL = 0.5


async def through_the_service(folder: Path, url: str, attempts: Sequence[Attempt]) -> Figures:
    """Hold as the API does."""
    async with office(folder, url) as desk:

        async def ask(attempt: Attempt) -> bool:
            booking_id = uuid4()
            # Each at a home of their own: the limit of their address is counted, and not reached.
            home = str(IPv4Address(booking_id.int % 2**32))
            wish = Wish("amt", (Item("ausweis"),))
            order = HoldOrder(booking_id, wish, attempt.starts_at, "public", "web", "de", home, None, None)
            try:
                await hold(order, desk)
            except TakenError:
                return False
            return True

        return await measured(attempts, ask)


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
