"""Which season a pool's page names."""

from __future__ import annotations

from datetime import date

import pytest

from services.portal.gateways.models import Pool, Season

POOL = Pool.model_validate(
    {
        "pool": "freibad",
        "name": "Freibad",
        "now": {"open": False, "text_key": "out_of_season", "opens_at": "2027-05-15T09:00:00+00:00"},
        "season": {"from": "2026-05-15", "to": "2026-09-15"},
    }
)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 3, 1), date(2026, 5, 15)),
        (date(2026, 9, 15), date(2026, 5, 15)),
        (date(2026, 9, 16), date(2027, 5, 15)),
    ],
)
def test_a_season_that_is_past_gives_way_to_the_coming_one(today: date, first: date) -> None:
    season = POOL.season_at(today)

    assert season is not None
    assert (season.first, season.last) == (first, first.replace(month=9))


def test_a_season_from_or_to_29_february_goes_on_in_the_years_after() -> None:
    season = Season.model_validate({"from": "2028-02-29", "to": "2028-09-15"})
    winter = Season.model_validate({"from": "2027-10-01", "to": "2028-02-29"})

    assert season.later(1).first == date(2029, 3, 1)
    assert winter.later(1).last == date(2029, 2, 28)
    assert season.later(4).first == date(2032, 2, 29)
