"""What a wish takes: how long, and which resources together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product

from services.appointments.domain.booking import Item, Wish
from services.appointments.domain.master_data import MasterData, Need, Service
from services.appointments.domain.refusal import NotOfferedError
from services.appointments.domain.ticks import ticks_in

SHORT_TICKS = 2
"""Visits up to this length begin every five minutes; longer ones in steps of their own length."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A wish as the calendar sees it."""

    office: str
    ways: tuple[tuple[str, ...], ...]
    """Each a set of resources that would do, one for each need."""
    ticks: int
    """With the buffer."""
    visit_ticks: int

    @property
    def resources(self) -> frozenset[str]:
        """All that may take part."""
        return frozenset(each for way in self.ways for each in way)

    @property
    def is_short(self) -> bool:
        """Tell whether it may begin at any tick."""
        return self.visit_ticks <= SHORT_TICKS


def visit_of(master: MasterData, wish: Wish) -> Visit:
    """Work out a visit; NotOfferedError when there is no such thing, not there, or not that often.

    Minutes add up, the longest buffer counts once. Needs of one kind are one need of those resources that do for all:
    who comes for a passport and a dog sits at one counter. A service that needs two of a kind gets two.
    """
    counts = _counts(wish.items)
    if wish.office not in master.offices or not counts or not counts.keys() <= master.services.keys():
        raise NotOfferedError("unknown")
    chosen = [(master.services[code], count) for code, count in counts.items()]
    if any(not 1 <= count <= service.most for service, count in chosen):
        raise NotOfferedError("too_many")
    minutes = sum(service.minutes * count for service, count in chosen)
    buffer = max(service.buffer_minutes for service, _count in chosen)
    ways = _ways([service for service, _count in chosen], wish.office)
    return Visit(wish.office, ways, ticks_in(minutes + buffer), ticks_in(minutes))


def _counts(items: Iterable[Item]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for item in items:
        counts[item.service] = counts.get(item.service, 0) + item.count
    return counts


def _ways(services: Iterable[Service], office: str) -> tuple[tuple[str, ...], ...]:
    choices: dict[tuple[str, int], list[Need]] = {}
    for service in services:
        if not service.needs.get(office):
            raise NotOfferedError("not_here")
        seen: dict[str, int] = {}
        for need in service.needs[office]:
            seen[need.kind] = seen.get(need.kind, 0) + 1
            choices.setdefault((need.kind, seen[need.kind]), []).append(need)
    common = [reduce(_both, (need.any_of for need in needs)) for needs in choices.values()]
    ways = tuple(way for way in product(*common) if len(set(way)) == len(way))
    if not ways:
        raise NotOfferedError("not_here")
    return ways


def _both(these: tuple[str, ...], those: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in these if each in those)
