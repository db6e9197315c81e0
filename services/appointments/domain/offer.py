"""Which beginnings are offered on one day, out of what is open and what is taken."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from services.appointments.domain.masks import fitting, packed, span, ticks_of
from services.appointments.domain.visit import Visit

MOST_A_DAY = 60


def possible(visit: Visit, opened: Iterable[int]) -> int:
    """Return the beginnings on an empty calendar; `opened` has one mask for each way of the visit."""
    found = 0
    for mask in opened:
        if mask:
            found |= fitting(mask, visit.ticks)
    return found


def offered(visit: Visit, free: Iterable[int]) -> int:
    """Return the beginnings that are offered; `free` has one mask for each way of the visit.

    Short visits begin at any tick. Longer ones begin where a free stretch begins, and then one right behind the other,
    buffer included: so no gap is left that nobody can use. Lasting and buffer lie in open time to the end.
    """
    found = 0
    for mask in free:
        if mask:
            fits = fitting(mask, visit.ticks)
            found |= fits if visit.is_short else packed(fits, visit.ticks)
    return found


def thinned(starts: int, base: int, *, first_tick: int) -> list[int]:
    """Return the ticks of the offered beginnings from `first_tick` on, evenly fewer when they are too many to read."""
    if first_tick > base:
        starts &= ~span(0, first_tick - base)
    found = ticks_of(starts)
    every = -(-len(found) // MOST_A_DAY) or 1
    return [base + each for each in found[::every]]


def together(masks: Iterable[int]) -> int:
    """Return when all of them are open."""
    return reduce(int.__and__, masks)
