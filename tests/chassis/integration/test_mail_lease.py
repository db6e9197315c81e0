"""A lease: one holder at a time over all replicas."""

from __future__ import annotations

from chassis.database import Database
from chassis.lease import Lease
from tests.support.eventually import eventually


async def test_a_lease_goes_over_only_when_it_has_run_out_or_was_given_back(database: Database) -> None:
    first, second = (Lease(database, name="mail", seconds=0.4) for _ in range(2))

    taken = [await first.take(), await second.take(), await first.take()]
    await first.release()
    over = await second.take()
    renewed = second.token
    lost = await first.take()

    assert taken == [True, False, True]
    assert (over, lost) == (True, False)
    assert renewed == 2


async def test_a_lease_that_was_not_renewed_is_no_longer_held(database: Database) -> None:
    first, second = (Lease(database, name="mail", seconds=0.2) for _ in range(2))
    await first.take()

    async def taken_over() -> bool:
        return await second.take()

    await eventually(taken_over, seconds=5)

    assert (first.held, second.held) == (False, True)
    assert await first.take() is False
