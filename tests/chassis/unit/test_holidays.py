"""Public holidays, against the library that knows those of all countries.

From 2009 on: in 2008, and not again before 2160, Ascension Day was the first of May, and the library joins the names.
"""

from __future__ import annotations

import holidays
import pytest

from chassis.holidays import holidays_of


@pytest.mark.parametrize("year", range(2009, 2101))
def test_holidays_and_their_names_are_those_of_the_library(year: int) -> None:
    known = holidays.country_holidays("DE", subdiv="ST", years=year, language="de")

    assert holidays_of(year) == {day: str(name) for day, name in sorted(known.items())}
