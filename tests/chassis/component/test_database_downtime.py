"""A database that is away for long buries nothing. The full length is in `tests/chaos/test_database_downtime.py`."""

from __future__ import annotations

import pytest

from contracts.topology import MAX_DELIVER
from tests.support.nats import bus_of
from tests.support.postgres import Postgres
from tests.support.toy.downtime import ACK_WAIT_SECONDS, Downtime
from tests.support.toy.town import ToyTown

SECONDS = 12.0


@pytest.mark.timeout(90)
async def test_a_long_downtime_of_the_database_buries_nothing(town: ToyTown, own_postgres: Postgres) -> None:
    assert SECONDS / ACK_WAIT_SECONDS > MAX_DELIVER
    town.nats.start()
    async with bus_of(town.nats) as bus:
        downtime = Downtime(town, bus, own_postgres, await bus.peer("notices"), SECONDS, own_postgres.new_database())

        await downtime.endure()

        await downtime.assert_nothing_was_buried()
