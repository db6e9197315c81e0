"""Every child of the town hall is killed in turn while a levy runs: nothing twice, nothing missing. `make chaos`."""

from __future__ import annotations

import time
from itertools import cycle
from pathlib import Path

import pytest

from tests.end_to_end.town_hall import Folder, assert_posted_once, levy_file

CHILDREN = ("notices", "render-1", "nats-server", "accounts", "mailgateway", "epost-simulator")
PAUSE_SECONDS = 2.5
NOTICES = 60


@pytest.mark.timeout(400)
def test_killing_every_child_in_turn_loses_and_doubles_nothing(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")
    levy = levy_file(tmp_path / "levy.csv", notices=NOTICES)

    running = folder.start(*folder.levy(levy))
    victims = cycle(CHILDREN)
    killed: list[str] = []
    while running.poll() is None and len(killed) < 2 * len(CHILDREN):
        time.sleep(PAUSE_SECONDS)  # noqa: TID251 - the test is a separate process that only waits
        victim = next(victims)
        if folder.kill(victim):
            killed.append(victim)
    assert running.wait(300) == 0, folder.said()

    assert set(killed) >= set(CHILDREN) - {"epost-simulator"}, killed
    assert_posted_once(folder, levy, notices=NOTICES)
    assert folder.leftovers() == []
