"""When the print centre posts, and how simulated time runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from simulators.epost.clock import BERLIN, SimulatedClock, next_posting
from simulators.epost.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("ready", "posted"),
    [
        ("2026-11-18T10:30", "2026-11-18T10:30"),
        ("2026-11-18T06:00", "2026-11-18T08:00"),
        ("2026-11-18T18:00", "2026-11-19T08:00"),
        ("2026-11-20T19:00", "2026-11-23T08:00"),
        ("2026-11-21T12:00", "2026-11-23T08:00"),
        ("2026-10-24T12:00", "2026-10-26T08:00"),
    ],
)
def test_letters_are_posted_in_working_hours(ready: str, posted: str) -> None:
    assert next_posting(_at(ready)) == _at(posted)


def test_time_goes_on_while_the_process_is_down(tmp_path: Path) -> None:
    real = [1000.0]
    store = Store(tmp_path)
    first = SimulatedClock(store, speed=10, real_time=lambda: real[0])
    real[0] += 5
    before = first.advance(100)
    real[0] += 7

    second = SimulatedClock(store, speed=2, real_time=lambda: real[0])
    at_start = second.now()
    real[0] += 1

    assert (before, at_start, second.now()) == (1150, 1220, 1222)
    store.close()


def _at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()
