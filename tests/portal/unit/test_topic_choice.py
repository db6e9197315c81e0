"""A matter in some places only: how the form says it, and how it is shown again."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData

from services.portal.api.forms import choice_of
from services.portal.domain.choices import narrowed, widened

ROAD, WASTE, POOL = "matter.road_closed", "matter.waste_collection_moved", "pool.freibad-tangerhuette"


def test_a_matter_is_limited_to_the_places_that_are_ticked_below_it() -> None:
    form = FormData([("topics", POOL), ("topics", WASTE), ("ort", "bittkau"), ("ort", "grieben")])

    assert choice_of(form).topics == (POOL, f"{WASTE}.bittkau", f"{WASTE}.grieben")


def test_without_a_place_a_matter_counts_everywhere() -> None:
    assert narrowed((POOL, WASTE), ()) == (POOL, WASTE)


def test_what_is_limited_already_stays_as_it_is() -> None:
    assert narrowed((f"{ROAD}.bittkau", WASTE), ("grieben",)) == (f"{ROAD}.bittkau", f"{WASTE}.grieben")


def test_the_form_shows_again_what_was_ticked() -> None:
    ticked, places = (POOL, ROAD, WASTE), ("bittkau", "grieben")

    assert widened(narrowed(ticked, places), places) == (ticked, places)


@pytest.mark.parametrize(
    "held",
    [
        (ROAD, f"{WASTE}.bittkau"),
        (f"{ROAD}.grieben", f"{WASTE}.bittkau"),
        (f"{ROAD}.bittkau", f"{ROAD}.grieben", f"{WASTE}.bittkau"),
        (f"{ROAD}.dort-wo-niemand-mehr-ist",),
    ],
)
def test_what_one_list_of_places_cannot_say_is_left_as_it_is(held: tuple[str, ...]) -> None:
    assert widened(held, ("bittkau", "grieben")) == (held, ())
