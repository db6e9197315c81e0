"""The picture of what is taken, against the claims that it is drawn from."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from chassis.database import Database
from services.appointments.domain.booking import Allocation
from services.appointments.occupancy import Occupancy
from services.appointments.storage.occupancy import Stretch, stretches
from services.appointments.storage.tables import ClaimRow
from tests.appointments.openings import NOW, OFFICE, TUESDAY, a_database, a_master, an_allocation, claim, local, mask_of

SOON = NOW + timedelta(minutes=15)
NEXT_DAY = TUESDAY + timedelta(days=1)


def sqlite_in(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/service.sqlite"


def known(database: Database, *, replica_seconds: float = 60) -> Occupancy:
    return Occupancy(database, a_master(), replica_seconds=replica_seconds)


def blocked(occupancy: Occupancy, resource: str, day: date = TUESDAY, *, minutes: int = 0, staff: bool = False) -> int:
    cell = occupancy.of_day(OFFICE, day).get(resource)
    at = NOW + timedelta(minutes=minutes)
    return 0 if cell is None else cell.blocked(at, over_quarantine=staff)


async def test_claims_that_follow_each_other_come_as_one_stretch(database_url: str) -> None:
    visits = [an_allocation(local(TUESDAY, hour, minute), 20, "one") for hour, minute in ((9, 0), (9, 20), (10, 0))]
    held = an_allocation(local(TUESDAY, 9, 40), 20, "one")

    async with a_database(database_url) as database:
        for each in visits:
            await claim(database, each, "booked")
        await claim(database, held, "hold", SOON)
        async with database.reading() as session:
            found = await stretches(session, ["one", "two"], visits[0].first_tick, visits[2].claimed.stop)

    first = visits[0].first_tick
    assert sorted(found, key=lambda each: each.first_tick) == [
        Stretch("one", first, first + 8, None, is_quarantine=False),
        Stretch("one", first + 8, first + 12, SOON, is_quarantine=False),
        Stretch("one", first + 12, first + 16, None, is_quarantine=False),
    ]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_days_of_clock_changes_are_cut_at_their_own_midnight(tmp_path: Path, day: date) -> None:
    late = an_allocation(local(day, 23), 120, "one")

    async with a_database(sqlite_in(tmp_path)) as database:
        await claim(database, late, "booked")
        occupancy = known(database)
        await occupancy.know(OFFICE, [day, day + timedelta(days=1)])

    assert blocked(occupancy, "one", day) == mask_of(day, (23, 23)) | ((1 << 12) - 1) << (mask_length(day) - 12)
    assert blocked(occupancy, "one", day + timedelta(days=1)) == (1 << 12) - 1


def mask_length(day: date) -> int:
    return int((local(day + timedelta(days=1), 0) - local(day, 0)).total_seconds()) // 300


async def test_holds_end_by_themselves_and_quarantine_is_for_the_public_only(database_url: str) -> None:
    async with a_database(database_url) as database:
        await claim(database, an_allocation(local(TUESDAY, 9), 60, "one"), "hold", SOON)
        await claim(database, an_allocation(local(TUESDAY, 10), 60, "one"), "quarantine", SOON)
        occupancy = known(database)
        await occupancy.know(OFFICE, [TUESDAY])

    assert blocked(occupancy, "one") == mask_of(TUESDAY, (9, 11))
    assert blocked(occupancy, "one", staff=True) == mask_of(TUESDAY, (9, 10))
    assert blocked(occupancy, "one", minutes=15) == 0


async def test_what_a_commit_did_is_seen_at_once(tmp_path: Path) -> None:
    visit = an_allocation(local(TUESDAY, 9), 60, "one", "room")
    async with a_database(sqlite_in(tmp_path)) as database:
        occupancy = known(database)
        await occupancy.know(OFFICE, [TUESDAY])
    seen: list[tuple[int, int]] = []

    def look() -> None:
        seen.append((blocked(occupancy, "one", minutes=10), blocked(occupancy, "room", minutes=20)))

    occupancy.took(visit, expires_at=SOON)
    look()
    occupancy.took(visit, expires_at=None)
    look()
    occupancy.freed(visit, quarantined_until=SOON)
    look()
    occupancy.freed(visit)
    look()

    hour = mask_of(TUESDAY, (9, 10))
    assert seen == [(hour, 0), (hour, hour), (hour, 0), (0, 0)]


async def test_a_commit_during_the_reading_is_not_lost(tmp_path: Path) -> None:
    booked, freed = (an_allocation(local(TUESDAY, hour), 60, "one") for hour in (9, 11))
    async with a_database(sqlite_in(tmp_path)) as database:
        await claim(database, freed, "booked")
        occupancy = known(database)

        async with asyncio.TaskGroup() as group:
            group.create_task(occupancy.know(OFFICE, [TUESDAY, NEXT_DAY]))
            await asyncio.sleep(0)
            occupancy.took(booked, expires_at=None)
            occupancy.freed(freed)

    assert blocked(occupancy, "one") == mask_of(TUESDAY, (9, 10))


async def test_to_forget_during_the_reading_reads_again(tmp_path: Path) -> None:
    visit = an_allocation(local(TUESDAY, 9), 60, "one")
    async with a_database(sqlite_in(tmp_path)) as database:
        occupancy = known(database)

        async with asyncio.TaskGroup() as group:
            reading = group.create_task(occupancy.know(OFFICE, [TUESDAY]))
            await asyncio.sleep(0)
            occupancy.forget(OFFICE)
            await claim(database, visit, "booked")
            await reading
        occupancy.forget(OFFICE)
        await occupancy.know(OFFICE, [TUESDAY])

    assert blocked(occupancy, "one") == mask_of(TUESDAY, (9, 10))


async def test_what_another_replica_books_is_seen_on_postgresql_and_cannot_happen_on_sqlite(database_url: str) -> None:
    visit = an_allocation(local(TUESDAY, 9), 60, "one")
    async with a_database(database_url) as database:
        impatient, patient = known(database, replica_seconds=0), known(database)
        for each in (impatient, patient):
            await each.know(OFFICE, [TUESDAY])

        await claim(database, visit, "booked")
        for each in (impatient, patient):
            await each.know(OFFICE, [TUESDAY])

    assert blocked(impatient, "one") == (0 if database.is_sqlite else mask_of(TUESDAY, (9, 10)))
    assert blocked(patient, "one") == 0


@pytest.mark.parametrize("seed", range(5))
async def test_a_picture_drawn_along_is_the_picture_that_would_be_read(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - interleavings, not secrets
    visits = [an_allocation(local(TUESDAY, 8) + timedelta(minutes=30 * each), 30, "one") for each in range(16)]
    async with a_database(sqlite_in(tmp_path)) as database:
        drawn, read = known(database), known(database)
        await drawn.know(OFFICE, [TUESDAY])
        for each in visits:
            for _ in range(chance.randrange(4)):
                await stroke(database, drawn, each, chance.choice(("booked", "hold", "quarantine", "free")))
        await read.know(OFFICE, [TUESDAY])

    for minutes in (0, 14, 15):
        for staff in (False, True):
            assert blocked(drawn, "one", minutes=minutes, staff=staff) == blocked(
                read, "one", minutes=minutes, staff=staff
            )


async def stroke(database: Database, occupancy: Occupancy, visit: Allocation, kind: str) -> None:
    async with database.transaction() as session:
        await session.execute(delete(ClaimRow).where(ClaimRow.tick.in_(visit.claimed)))
    if kind != "free":
        await claim(database, visit, kind, None if kind == "booked" else SOON)
    if kind in ("booked", "hold"):
        occupancy.took(visit, expires_at=None if kind == "booked" else SOON)
    else:
        occupancy.freed(visit, quarantined_until=SOON if kind == "quarantine" else None)
