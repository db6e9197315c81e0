"""A wrong file of master data is refused with its place."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from services.subscriptions.storage.master_data import MasterDataError, almanac, read_master_data, read_pools

GOOD = """
[freibad]
name = "Freibad"
season = { from = "05-15", to = "09-15" }
hours = { weekday = ["13:00", "18:00"], weekend = ["11:00", "18:00"] }
prices = [{ de = "Erwachsene", en = "Adults", eur = "2.00" }]
weather.wind = { gust_above_kmh = 75 }
"""


def written(path: Path, text: str) -> Path:
    file = path / "pools.toml"
    file.write_text(text, "utf-8")
    return file


def test_the_shipped_pool_is_complete() -> None:
    master = read_master_data("15090546")

    pool = master.pools["freibad-tangerhuette"]
    assert pool.season is not None
    assert pool.hours is not None
    assert pool.hours.school_holidays == (time(11), time(20))
    assert [each.eur for each in pool.prices] == [Decimal("2.00"), Decimal("1.00"), Decimal("1.00")]
    assert pool.weather.thunderstorm is not None


def test_the_calendar_knows_the_holidays_of_the_state() -> None:
    calendar = read_master_data("15090546").calendar(date(2026, 7, 1))

    summer = calendar.school_break(date(2026, 7, 4))
    assert (calendar.public[date(2026, 10, 31)], calendar.public[date(2027, 1, 6)]) == (
        "Reformationstag",
        "Heilige Drei Könige",
    )
    assert summer is not None
    assert summer.last == date(2026, 8, 14)
    assert calendar.school_break(date(2026, 7, 3)) is None


def test_a_pool_of_which_only_the_name_is_known_is_fine(tmp_path: Path) -> None:
    pools = read_pools(written(tmp_path, '[see]\nname = "Badesee"\n'))

    assert (pools["see"].season, pools["see"].hours, pools["see"].prices) == (None, None, ())


@pytest.mark.parametrize(
    ("good", "bad", "place"),
    [
        ('"13:00", "18:00"', '"18:00", "13:00"', "[freibad] hours.weekday: "),
        ('"13:00", "18:00"', '"13 Uhr", "18:00"', "[freibad] hours.weekday.0: "),
        ('"05-15"', '"05-32"', "[freibad] season.from: "),
        ('name = "Freibad"', "", "[freibad] name: "),
        ('name = "Freibad"', 'name = "Freibad"\nnmae = "x"', "[freibad] nmae: "),
        ('"2.00"', '"2,00"', "[freibad] prices.0.eur: "),
        ("75", "-5", "[freibad] weather.wind.gust_above_kmh: "),
        ("[freibad]", '["Frei Bad"]', "[Frei Bad] "),
        ("[freibad]", "[freibad", "cannot be read: "),
    ],
)
def test_a_mistake_is_named_with_file_pool_and_key(tmp_path: Path, good: str, bad: str, place: str) -> None:
    file = written(tmp_path, GOOD.replace(good, bad))

    with pytest.raises(MasterDataError) as caught:
        read_pools(file)

    assert str(caught.value).startswith(f"{file}: ")
    assert place in str(caught.value)


def test_a_file_that_is_missing_or_has_a_wrong_date_is_named(tmp_path: Path) -> None:
    wrong = written(tmp_path, '[2026]\nSommerferien = ["4. Juli", 2026-08-14]\n')

    with pytest.raises(MasterDataError, match=r"fehlt\.toml: cannot be read"):
        read_pools(tmp_path / "fehlt.toml")
    with pytest.raises(MasterDataError, match=r"2026\.Sommerferien\.0"):
        almanac(wrong)
