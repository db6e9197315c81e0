"""What is taken, as a picture in memory: one cell for each resource and local day. It may be old, the claims decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from services.appointments.domain.masks import span
from services.appointments.domain.ticks import day_ticks, local_day

_TICKS_IN_HOUR = 12


@dataclass(frozen=True, slots=True)
class Fading:
    """Ticks that come back by themselves: a hold, or a freed time in quarantine."""

    mask: int
    expires_at: datetime
    is_quarantine: bool
    """Kept from the public only."""


@dataclass(slots=True)
class Cell:
    """One resource on one day."""

    taken: int = 0
    fading: list[Fading] = field(default_factory=list[Fading])

    def blocked(self, now: datetime, *, over_quarantine: bool) -> int:
        """Return the ticks that one cannot have at an instant."""
        mask = self.taken
        for each in self.fading:
            if each.expires_at > now and not (over_quarantine and each.is_quarantine):
                mask |= each.mask
        return mask

    def take(self, mask: int) -> None:
        """Draw what is taken for good."""
        self.clear(mask)
        self.taken |= mask

    def fade(self, each: Fading) -> None:
        """Draw what comes back by itself."""
        self.clear(each.mask)
        self.fading.append(each)

    def clear(self, mask: int) -> None:
        """Draw free what is not taken any more, whatever it was taken for."""
        self.taken &= ~mask
        if self.fading:
            rest = [Fading(each.mask & ~mask, each.expires_at, each.is_quarantine) for each in self.fading]
            self.fading = [each for each in rest if each.mask]


def pieces(first_tick: int, end_tick: int) -> Iterator[tuple[date, int]]:
    """Cut a stretch of ticks at midnight: each local day and its part as a mask."""
    while first_tick < end_tick:
        day = day_of(first_tick)
        ticks = ticks_of_day(day)
        end = min(end_tick, ticks.stop)
        yield day, span(first_tick - ticks.start, end - ticks.start)
        first_tick = end


def day_of(tick: int) -> date:
    """Return the local day of a tick, remembered: days begin at full hours."""
    return _day_of_hour(tick // _TICKS_IN_HOUR)


@lru_cache(maxsize=16_384)
def _day_of_hour(hour: int) -> date:
    return local_day(hour * _TICKS_IN_HOUR)


@lru_cache(maxsize=2_048)
def ticks_of_day(day: date) -> range:
    """Return the ticks of a local day, remembered."""
    return day_ticks(day)
