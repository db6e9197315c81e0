"""The service is killed while it tells people; the long form is in tests/chaos."""

from __future__ import annotations

import random
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.subscriptions.component.crowd import Crowd
from tests.subscriptions.component.ordeal import Ordeal
from tests.support.nats import Bus


@pytest.fixture
def crowd(bus: Bus, tmp_path: Path) -> Generator[Crowd]:
    ready = Crowd(bus, tmp_path)
    yield ready
    ready.stop()


async def test_three_kills_leave_nobody_untold_and_count_each_repeat(crowd: Crowd) -> None:
    ordeal = Ordeal(crowd, 2000, 3, random.Random(7), longest_pause=0.25)  # noqa: S311 - repeatable, not secret

    await ordeal.endure()

    ordeal.assert_nobody_is_missing()
