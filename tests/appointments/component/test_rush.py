"""The release minute in small: people at once, one kill. The long form is `make chaos`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.appointments.component.rush import UNLIMITED, Rush
from tests.appointments.town import Process
from tests.support.nats import Bus


@pytest.mark.timeout(120)
async def test_people_at_once_and_a_kill_leave_nothing_double_and_nothing_lost(bus: Bus, tmp_path: Path) -> None:
    process = Process(bus, tmp_path, more=UNLIMITED)
    rush = Rush(process, 120, random.Random(7))  # noqa: S311 - repeatable, not secret

    await rush.endure(kill_after=(30,))

    await rush.assert_nothing_is_double_or_lost()
    assert rush.refusals["no_answer"] > 0
