"""The picture of what is taken, where other replicas book too: PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, update

from services.appointments.storage import claims
from services.appointments.storage.occupancy import changes
from services.appointments.storage.tables import ClaimRow
from tests.appointments.integration.test_occupancy import SOON, blocked, known
from tests.appointments.openings import NOW, OFFICE, TUESDAY, a_database, an_allocation, claim, local, mask_of
from tests.support.postgres import Postgres


async def test_a_picture_is_caught_up_with_all_that_other_replicas_write(postgres: Postgres) -> None:
    days = [TUESDAY + timedelta(days=each) for each in range(3)]
    booked, dropped, moved = (an_allocation(local(day, 9), 60, "one", "room") for day in days)
    ids = [uuid4() for _ in days]
    async with a_database(postgres.new_database()) as database:
        replica, fresh = known(database, replica_seconds=0), known(database)
        async with database.transaction() as session:
            for each, booking_id in ((dropped, ids[1]), (moved, ids[2])):
                await claims.take(session, each, booking_id, expires_at=SOON, now=NOW)
        await replica.know(OFFICE, days)

        async with database.transaction() as session:
            await claims.take(session, booked, ids[0], expires_at=None, now=NOW)
            await claims.drop(session, ids[1], now=NOW)
        await replica.know(OFFICE, days)
        async with database.transaction() as session:
            await claims.quarantine(session, ids[2], until=SOON)
            await claims.make_firm(session, ids[0], expires_at=None)
        await replica.know(OFFICE, days)
        await fresh.know(OFFICE, days)

    hour = mask_of(TUESDAY, (9, 10))
    for day, wanted in zip(days, ((hour, hour), (0, 0), (hour, 0)), strict=True):
        for staff in (False, True):
            assert (
                blocked(replica, "room", day, staff=staff) == blocked(fresh, "room", day, staff=staff) == wanted[staff]
            )


async def test_what_was_not_yet_committed_at_the_last_look_is_seen_later(postgres: Postgres) -> None:
    first, second = (an_allocation(local(TUESDAY, hour), 60, "one") for hour in (9, 11))
    async with a_database(postgres.new_database()) as database:
        replica = known(database, replica_seconds=0)
        await replica.know(OFFICE, [TUESDAY])

        async with database.transaction() as slow:
            await claims.take(slow, first, uuid4(), expires_at=None, now=NOW)
            async with database.transaction() as quick:
                await claims.take(quick, second, uuid4(), expires_at=None, now=NOW)
            for _ in range(3):
                await replica.know(OFFICE, [TUESDAY])
            before = blocked(replica, "one")
        await replica.know(OFFICE, [TUESDAY])

    assert before == mask_of(TUESDAY, (11, 12))
    assert blocked(replica, "one") == mask_of(TUESDAY, (9, 10), (11, 12))


async def test_days_that_are_known_are_not_read_again(postgres: Postgres) -> None:
    days = [TUESDAY + timedelta(days=each) for each in range(60)]
    async with a_database(postgres.new_database()) as database:
        for day in days:
            await claim(database, an_allocation(local(day, 9), 60, "one"), "booked")
        replica = known(database, replica_seconds=0)
        await replica.know(OFFICE, days)
        await replica.know(OFFICE, days)
        async with database.transaction() as session:
            await session.execute(delete(ClaimRow))  # without a trace: only who reads all of it notices

        await replica.know(OFFICE, days)
        await replica.know(OFFICE, days)

    assert {blocked(replica, "one", day).bit_count() for day in days} == {12}


async def test_a_stroke_that_comes_after_the_look_does_not_stay(postgres: Postgres) -> None:
    visit, booking_id = an_allocation(local(TUESDAY, 9), 60, "one"), uuid4()
    async with a_database(postgres.new_database()) as database:
        replica = known(database, replica_seconds=0)
        await replica.know(OFFICE, [TUESDAY])
        async with database.transaction() as session:
            await claims.take(session, visit, booking_id, expires_at=None, now=NOW)
        async with database.transaction() as session:
            await claims.drop(session, booking_id, now=NOW)
        await replica.know(OFFICE, [TUESDAY])

        replica.took(visit, expires_at=None)
        await replica.know(OFFICE, [TUESDAY])

    assert blocked(replica, "one") == 0


async def test_a_cluster_that_numbers_its_transactions_anew_is_read_anew(postgres: Postgres) -> None:
    async with a_database(postgres.new_database()) as database:
        replica = known(database, replica_seconds=0)
        await replica.know(OFFICE, [TUESDAY])
        await claim(database, an_allocation(local(TUESDAY, 9), 60, "one"), "booked")
        async with database.transaction() as session:
            await session.execute(update(ClaimRow).values(changed_in=None))
        replica._horizons[OFFICE] = (2**40, 2**40)  # pyright: ignore[reportPrivateUsage] - another cluster

        await replica.know(OFFICE, [TUESDAY])

    assert blocked(replica, "one") == mask_of(TUESDAY, (9, 10))


async def test_rows_restored_from_another_cluster_are_not_new_for_ever(postgres: Postgres) -> None:
    async with a_database(postgres.new_database()) as database:
        await claim(database, an_allocation(local(TUESDAY, 9), 60, "one"), "booked")
        async with database.transaction() as session:
            await session.execute(update(ClaimRow).values(changed_in=2**40))
        async with database.reading() as session:
            found = await changes(session, ["one"], 0)

    assert found == []
