"""The short form of `tests/chaos/test_killed_consumer.py`."""

from __future__ import annotations

import pytest

from tests.support.toy.ordeal import Size, assert_each_has_its_one_outcome, ordeal
from tests.support.toy.town import ToyTown


@pytest.mark.timeout(120)
async def test_eight_kills_lose_and_double_nothing_and_bury_the_poison_alone(town: ToyTown) -> None:
    async with ordeal(town, Size(events=100, kills=8, bus_kills=1, deadly=0), seed=4711) as endured:
        await endured.endure()

        assert (endured.kills, endured.bus_kills) == (8, 1)
        await assert_each_has_its_one_outcome(endured)
