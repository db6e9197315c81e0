"""An hour without a database, compressed: 120 waits for an acknowledgement, as an hour has. `make chaos`."""

from __future__ import annotations

import pytest

from contracts.topology import ACK_WAIT
from tests.support.nats import bus_of
from tests.support.postgres import Postgres
from tests.support.toy.downtime import ACK_WAIT_SECONDS, Downtime
from tests.support.toy.town import ToyTown

SECONDS = 3600 / ACK_WAIT.total_seconds() * ACK_WAIT_SECONDS


@pytest.mark.timeout(240)
async def test_an_hour_of_database_downtime_buries_nothing(town: ToyTown, own_postgres: Postgres) -> None:
    town.nats.start()
    async with bus_of(town.nats) as bus:
        downtime = Downtime(town, bus, own_postgres, await bus.peer("notices"), SECONDS, own_postgres.new_database())

        await downtime.endure()

        await downtime.assert_nothing_was_buried()
