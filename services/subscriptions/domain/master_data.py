"""What the town says of its pools (Stammdaten der Bäder): plain values, read elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal

Severity = Literal["minor", "moderate", "severe", "extreme"]
"""How grave a warning of the German weather service (DWD) is; the later, the graver."""
MonthDay = tuple[int, int]
Span = tuple[time, time]
"""Opens, closes: local times of one day."""


@dataclass(frozen=True, slots=True)
class Season:
    """First and last day of each year; one that ends before it begins goes over the turn of the year."""

    first: MonthDay
    last: MonthDay


@dataclass(frozen=True, slots=True)
class OpeningTimes:
    """Regular hours; None: closed on such days."""

    weekday: Span | None
    weekend: Span | None
    """Also on public holidays."""
    school_holidays: Span | None = None
    """On each day of the school holidays; None: these days are like all others."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one kind of guest pays."""

    de: str
    en: str
    eur: Decimal


@dataclass(frozen=True, slots=True)
class ThunderstormRule:
    """A warning of thunderstorms (Gewitterwarnung) for the pool's warning cell."""

    automatic: bool
    min_severity: Severity
    lead: timedelta
    """A warning counts so long before it begins."""
    clear: timedelta
    """It must have been quiet so long before the pool opens again."""


@dataclass(frozen=True, slots=True)
class TemperatureRule:
    """The air is too cold."""

    automatic: bool
    below_celsius: Decimal


@dataclass(frozen=True, slots=True)
class WindRule:
    """Gusts are too strong."""

    automatic: bool
    gust_above_kmh: Decimal


@dataclass(frozen=True, slots=True)
class WeatherRules:
    """Which weather closes a pool; a rule that is missing is not looked at."""

    thunderstorm: ThunderstormRule | None = None
    temperature: TemperatureRule | None = None
    wind: WindRule | None = None


@dataclass(frozen=True, slots=True)
class PoolData:
    """One pool as the town describes it."""

    pool: str
    name: str
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    warn_cell: str | None = None
    season: Season | None = None
    """None: open all the year."""
    hours: OpeningTimes | None = None
    """None: not known."""
    prices: tuple[Price, ...] = ()
    weather: WeatherRules = field(default_factory=WeatherRules)


@dataclass(frozen=True, slots=True)
class Break:
    """School holidays (Schulferien), first and last day included."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that are not like others, at least from the day asked about to the end of the next year."""

    public: Mapping[date, str]
    """Public holidays (gesetzliche Feiertage) and their names."""
    school: tuple[Break, ...] = ()

    def school_break(self, day: date) -> Break | None:
        """Return the school holidays in which a day lies."""
        return next((each for each in self.school if each.first <= day <= each.last), None)


@dataclass(frozen=True, slots=True)
class MasterData:
    """What is known of the town beside its data: key (AGS), pools in the town's order, and the calendar."""

    town: str
    pools: Mapping[str, PoolData]
    calendar: Callable[[date], Calendar]
    """The calendar around a day."""

    def of(self, pool: str) -> PoolData:
        """Return what is known of a pool; of one that the town does not describe its code only."""
        return self.pools.get(pool) or PoolData(pool=pool, name=pool)
