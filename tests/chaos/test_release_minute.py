"""2,000 people book in one minute while the service is killed. `make chaos`.

The seed is printed; `RATHAUS_CHAOS_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from tests.appointments.component.rush import UNLIMITED, Rush
from tests.appointments.town import Process
from tests.support.nats import Bus

SEED = int(os.environ.get("RATHAUS_CHAOS_SEED", str(time.time_ns() % 1_000_000)))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kills", [(), (100, 300, 500)], ids=["no_kill", "three_kills"])
async def test_two_thousand_people_at_once_find_nothing_double_and_lose_nothing(
    bus: Bus, tmp_path: Path, database_url: str, kills: tuple[int, ...]
) -> None:
    print(f"RATHAUS_CHAOS_SEED={SEED}")  # noqa: T201 - to repeat it
    process = Process(bus, tmp_path, database_url, more=UNLIMITED)
    rush = Rush(process, 2000, random.Random(SEED))  # noqa: S311 - repeatable, not secret

    await rush.endure(kill_after=kills)

    print(rush.told())  # noqa: T201 - what was measured
    await rush.assert_nothing_is_double_or_lost()
