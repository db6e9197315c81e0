"""Until when a pool stays closed that an attendant closes for a while."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.portal.api.staff_outcome import end_of


@pytest.mark.parametrize(
    ("span", "at", "end"),
    [
        ("heute", "2026-07-21T20:00:00+02:00", "2026-07-21T23:59:59+02:00"),
        ("heute", "2026-07-21T23:59:58+02:00", "2026-07-21T23:59:59+02:00"),
        ("heute", "2026-07-22T00:00:00+02:00", "2026-07-22T23:59:59+02:00"),
        ("heute", "2026-10-25T00:30:00+02:00", "2026-10-25T23:59:59+01:00"),
        ("2", "2027-03-28T01:30:00+01:00", "2027-03-28T04:30:00+02:00"),
        ("sonst", "2026-07-21T20:00:00+02:00", None),
    ],
)
def test_the_end_of_a_closure_is_to_come_at_any_time_of_any_day(span: str, at: str, end: str | None) -> None:
    now = datetime.fromisoformat(at).astimezone(UTC)

    assert end_of(span, now) == (None if end is None else datetime.fromisoformat(end))
