"""The command itself may be killed at any moment: nothing twice, nothing missing, no orphans."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.town_hall import Folder, assert_posted_once, levy_file

NOTICES = 60


@pytest.mark.timeout(400)
def test_killing_the_command_itself_leaves_no_orphans_and_the_next_call_goes_on(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "hall")
    levy = levy_file(tmp_path / "levy.csv", notices=NOTICES)

    for seconds in (7.0, 12.0):
        running = folder.start(*folder.levy(levy))
        time.sleep(seconds)  # noqa: TID251
        running.send_signal(signal.SIGKILL)
        running.wait()
        time.sleep(1.0)  # noqa: TID251
        assert folder.leftovers() == []
    assert folder.run(*folder.levy(levy), timeout=300) == 0, folder.said()

    assert_posted_once(folder, levy, notices=NOTICES)
