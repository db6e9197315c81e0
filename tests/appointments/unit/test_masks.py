"""Masks: ticks as bits."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.appointments.domain.masks import fitting, packed, runs, span, ticks_of

MASKS = st.integers(min_value=0, max_value=(1 << 300) - 1)


@settings(max_examples=200, deadline=None)
@given(MASKS)
def test_stretches_are_all_of_a_mask_and_nothing_else(mask: int) -> None:
    found = runs(mask)

    again = 0
    for first, end in found:
        again |= span(first, end)
    assert again == mask
    assert all(one[1] < other[0] for one, other in pairwise(found))


@settings(max_examples=200, deadline=None)
@given(MASKS, st.integers(min_value=1, max_value=30))
def test_something_fits_exactly_where_each_of_its_ticks_is_free(mask: int, length: int) -> None:
    found = fitting(mask, length)

    assert ticks_of(found) == [first for first in range(300) if span(first, first + length) & ~mask == 0]


@settings(max_examples=200, deadline=None)
@given(MASKS, st.integers(min_value=1, max_value=30))
def test_packed_beginnings_fill_each_stretch_from_its_begin(mask: int, length: int) -> None:
    found = ticks_of(packed(fitting(mask, length), length))

    wanted = [first for begin, end in runs(mask) for first in range(begin, end - length + 1, length)]
    assert found == wanted


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert span(7, 7) == 0
    assert span(7, 3) == 0
