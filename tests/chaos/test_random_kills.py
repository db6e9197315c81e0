"""The long form: the whole demo levy while processes are killed at random moments. `make chaos`.

The seed is printed; `RATHAUS_CHAOS_SEED` repeats a run, `RATHAUS_CHAOS_NOTICES` and `RATHAUS_CHAOS_KILLS` change
its size.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.town_hall import DEMO, Folder, assert_posted_once, levy_file

SEED = int(os.environ.get("RATHAUS_CHAOS_SEED", str(time.time_ns() % 1_000_000)))
NOTICES = int(os.environ.get("RATHAUS_CHAOS_NOTICES", "2100"))
KILLS = int(os.environ.get("RATHAUS_CHAOS_KILLS", "60"))
VICTIMS = (
    "notices",
    "accounts",
    "mailgateway",
    "render-1",
    "render-2",
    "nats-server",
    "epost-simulator",
    "caretaker",
    "rathaus",
)
LONGEST_PAUSE_SECONDS = 9.0


@pytest.mark.timeout(3600)
def test_random_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    print(f"RATHAUS_CHAOS_SEED={SEED}")  # noqa: T201 - to repeat it
    folder = Folder(tmp_path / "hall")
    whole = NOTICES >= 2100
    levy = DEMO / "umlage-2026.csv" if whole else levy_file(tmp_path / "levy.csv", notices=NOTICES)

    killed: list[str] = []
    running = folder.start(*folder.levy(levy))
    while running.poll() is None and len(killed) < KILLS:
        time.sleep(chance.uniform(0.2, LONGEST_PAUSE_SECONDS))  # noqa: TID251 - we only wait
        victim = chance.choice(VICTIMS)
        if victim == "rathaus":
            running.send_signal(signal.SIGKILL)
            running.wait()
            time.sleep(1.0)  # noqa: TID251 - we only wait
            assert folder.leftovers() == []
            running = folder.start(*folder.levy(levy))
        elif not folder.kill(victim):
            continue
        killed.append(victim)
    assert running.wait(1800) == 0, folder.said()[-4000:]

    print("killed:", ", ".join(f"{victim} {killed.count(victim)}" for victim in VICTIMS))  # noqa: T201
    assert_posted_once(folder, levy, notices=NOTICES)
    assert folder.leftovers() == []
