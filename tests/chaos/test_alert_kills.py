"""20,000 people are told of a closed pool while the service is killed ten times. `make chaos`.

The seed is printed; `RATHAUS_CHAOS_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from tests.subscriptions.component.crowd import Crowd
from tests.subscriptions.component.ordeal import Ordeal
from tests.support.nats import Bus

SEED = int(os.environ.get("RATHAUS_CHAOS_SEED", str(time.time_ns() % 1_000_000)))


@pytest.mark.timeout(300)
async def test_ten_kills_leave_nobody_untold_and_count_each_repeat(bus: Bus, tmp_path: Path) -> None:
    print(f"RATHAUS_CHAOS_SEED={SEED}")  # noqa: T201 - to repeat it
    crowd = Crowd(bus, tmp_path)
    ordeal = Ordeal(crowd, 20_000, 10, random.Random(SEED), longest_pause=1.2)  # noqa: S311 - repeatable, not secret

    await ordeal.endure()

    print(ordeal.told())  # noqa: T201 - what was measured
    ordeal.assert_nobody_is_missing()
    crowd.stop()
