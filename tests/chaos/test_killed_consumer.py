"""A consumer killed in the middle of its work, fifty times, with poison among its messages. `make chaos`.

The seed is printed; `RATHAUS_CHAOS_SEED` repeats a run.
"""

from __future__ import annotations

import os
import time

import pytest

from tests.support.toy.ordeal import Size, assert_each_has_its_one_outcome, ordeal
from tests.support.toy.town import ToyTown

SEED = int(os.environ.get("RATHAUS_CHAOS_SEED", str(time.time_ns() % 1_000_000)))


@pytest.mark.timeout(600)
async def test_fifty_kills_lose_and_double_nothing_and_bury_the_poison_alone(town: ToyTown) -> None:
    print(f"RATHAUS_CHAOS_SEED={SEED}")  # noqa: T201 - to repeat it
    async with ordeal(town, Size(events=600, kills=50, bus_kills=2, deadly=1), seed=SEED) as endured:
        await endured.endure()

        print(endured.told())  # noqa: T201 - what was measured
        assert (endured.kills, endured.bus_kills) == (50, 2)
        await assert_each_has_its_one_outcome(endured)
