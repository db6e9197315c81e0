"""What the weather says of a pool: rules as data against what a weather service has told. Pure rules.

A lie, a test or a gap never closes a pool: what does not stand clearly in the answer counts as not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Literal, get_args

from services.subscriptions.domain import weather_words
from services.subscriptions.domain.master_data import PoolData, Severity, ThunderstormRule, WeatherRules

Rule = Literal["thunderstorm", "wind", "temperature"]
"""In the order of their gravity."""
WatchState = Literal["seeing", "stale", "blind"]
"""All that the rules need is known; some of it is old or missing; no answer at all."""
Reason = Literal["thunderstorm", "storm", "other"]
REASONS: Mapping[Rule, Reason] = {"thunderstorm": "thunderstorm", "wind": "storm", "temperature": "other"}

MAX_AGE = timedelta(minutes=45)
MAX_AHEAD = timedelta(minutes=10)
"""How far the clock of the weather service may be ahead."""
MAX_DISTANCE_KM = 50.0
ENDLESS = timedelta(hours=24)
"""A warning that names no end counts so long from its beginning."""
LONGEST = timedelta(hours=48)
"""A warning that began earlier than this is taken for a mistake."""
VALUE_HOLDS = timedelta(hours=1)
WARNING_HOLDS = timedelta(hours=2)
_EARTH_KM = 6371.0
_CELSIUS = (Decimal(-40), Decimal(45))
_GUST_KMH = (Decimal(0), Decimal(250))
_PRELIMINARY = "VORABINFORMATION"
"""It tells that warnings may follow; place and time are open."""


@dataclass(frozen=True, slots=True)
class WeatherWarning:
    """One warning of the German weather service (DWD)."""

    alert_id: str
    status: str
    event: str
    headline: str
    severity: Severity | None
    onset: datetime
    expires: datetime | None
    response_type: str | None = None


@dataclass(frozen=True, slots=True)
class Warnings:
    """The answer to: what is warned of in this cell?"""

    cell: str
    warnings: tuple[WeatherWarning, ...]
    complete: bool = True
    """False: some of them could not be read."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What the nearest station has measured."""

    at: datetime
    latitude: float
    longitude: float
    celsius: Decimal | None
    gust_kmh: Decimal | None
    condition: str | None


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at the weather; None where no readable answer came."""

    observation: Observation | None
    warnings: Warnings | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that asks for the pool to be closed."""

    rule: Rule
    rank: int
    """Severity of the warning; a graver one is proposed again although a lesser one was dismissed."""
    evidence: Mapping[str, object]
    """JSON: `words` in German for the attendant, and the values."""
    holds_until: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one look says: a rule is bad, clear, or (in neither) not known."""

    state: WatchState
    bad: tuple[Finding, ...]
    clear: frozenset[Rule]


def judge(data: PoolData, sight: Sight, *, now: datetime) -> Verdict:
    """Hold the rules of a pool against one look."""
    fresh = _usable(data, sight.observation, now)
    told = sight.warnings if sight.warnings is not None and sight.warnings.cell == data.warn_cell else None
    rules = configured(data.weather)
    bad = tuple(_bad(data.weather, fresh, told, now))
    known = _known(fresh, told) & set(rules)
    clear = frozenset(known - {finding.rule for finding in bad})
    if sight.observation is None and sight.warnings is None:
        state: WatchState = "blind"
    else:
        state = "seeing" if known == set(rules) else "stale"
    return Verdict(state, bad, clear)


def configured(rules: WeatherRules) -> tuple[Rule, ...]:
    """Return the rules that a pool has, the gravest first."""
    given: Mapping[Rule, object] = {
        "thunderstorm": rules.thunderstorm,
        "wind": rules.wind,
        "temperature": rules.temperature,
    }
    return tuple(rule for rule in get_args(Rule) if given[rule] is not None)


def is_automatic(rules: WeatherRules, rule: Rule) -> bool:
    """Say whether the watcher acts on a rule by itself."""
    given = {"thunderstorm": rules.thunderstorm, "wind": rules.wind, "temperature": rules.temperature}[rule]
    return given is not None and given.automatic


def values_of(sight: Sight) -> dict[str, object]:
    """Return a look as JSON for the attendant."""
    seen: dict[str, object] = {}
    if sight.observation is not None:
        seen |= _measured(sight.observation)
    if sight.warnings is not None:
        seen["warnings"] = [each.headline for each in sight.warnings.warnings if each.status == "actual"]
    return seen


def _usable(data: PoolData, observation: Observation | None, now: datetime) -> Observation | None:
    if observation is None or data.latitude is None or data.longitude is None:
        return None
    on_time = now - MAX_AGE <= observation.at <= now + MAX_AHEAD
    distance = _distance_km(data.latitude, data.longitude, observation)
    return observation if on_time and distance <= MAX_DISTANCE_KM else None


def _distance_km(latitude: float, longitude: float, observation: Observation) -> float:
    north, east = radians(observation.latitude - latitude), radians(observation.longitude - longitude)
    here, there = radians(latitude), radians(observation.latitude)
    chord = sin(north / 2) ** 2 + cos(here) * cos(there) * sin(east / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(min(1.0, chord)))


def _plausible(value: Decimal | None, limits: tuple[Decimal, Decimal]) -> Decimal | None:
    return value if value is not None and value.is_finite() and limits[0] <= value <= limits[1] else None


def _known(fresh: Observation | None, told: Warnings | None) -> set[Rule]:
    """Return the rules that could be answered. The condition is often missing in life; without it warnings decide."""
    known: set[Rule] = set()
    if fresh is not None and told is not None and told.complete:
        known.add("thunderstorm")
    if fresh is not None and _plausible(fresh.gust_kmh, _GUST_KMH) is not None:
        known.add("wind")
    if fresh is not None and _plausible(fresh.celsius, _CELSIUS) is not None:
        known.add("temperature")
    return known


def _bad(rules: WeatherRules, fresh: Observation | None, told: Warnings | None, now: datetime) -> Iterator[Finding]:
    if rules.thunderstorm is not None:
        yield from _thunder(rules.thunderstorm, fresh, told, now)
    if fresh is None:
        return
    gust, celsius = _plausible(fresh.gust_kmh, _GUST_KMH), _plausible(fresh.celsius, _CELSIUS)
    if rules.wind is not None and gust is not None and gust > rules.wind.gust_above_kmh:
        words = weather_words.gusts(gust, limit=rules.wind.gust_above_kmh, at=fresh.at)
        yield Finding("wind", 0, {"words": words, **_measured(fresh)}, now + VALUE_HOLDS)
    if rules.temperature is not None and celsius is not None and celsius < rules.temperature.below_celsius:
        words = weather_words.cold(celsius, limit=rules.temperature.below_celsius, at=fresh.at)
        yield Finding("temperature", 0, {"words": words, **_measured(fresh)}, now + VALUE_HOLDS)


def _thunder(
    rule: ThunderstormRule, fresh: Observation | None, told: Warnings | None, now: datetime
) -> Iterator[Finding]:
    """Find the gravest warning that counts, else what the station sees."""
    warnings = () if told is None else told.warnings
    counting = [each for each in warnings if _counts(each, rule, now)]
    if counting:
        gravest = max(counting, key=lambda each: (rank_of(each.severity), each.alert_id))
        ends = _end_of(gravest)
        evidence = {
            "words": weather_words.warned(gravest.headline, onset=gravest.onset, expires=gravest.expires, now=now),
            "alert_id": gravest.alert_id,
            "headline": gravest.headline,
            "severity": gravest.severity,
            "rank": rank_of(gravest.severity),
            "onset": gravest.onset.isoformat(),
            "expires": None if gravest.expires is None else gravest.expires.isoformat(),
        }
        yield Finding("thunderstorm", rank_of(gravest.severity), evidence, min(ends, now + WARNING_HOLDS))
    elif fresh is not None and fresh.condition == "thunderstorm":
        words = weather_words.thunder_seen(at=fresh.at)
        yield Finding("thunderstorm", 0, {"words": words, **_measured(fresh)}, now + VALUE_HOLDS)


def _counts(warning: WeatherWarning, rule: ThunderstormRule, now: datetime) -> bool:
    event = warning.event.upper()
    return (
        warning.status == "actual"
        and "GEWITTER" in event
        and _PRELIMINARY not in event
        and warning.response_type != "allclear"
        and rank_of(warning.severity) >= rank_of(rule.min_severity)
        and now - LONGEST < warning.onset <= now + rule.lead
        and warning.onset < _end_of(warning)
        and now < _end_of(warning)
    )


def _end_of(warning: WeatherWarning) -> datetime:
    return warning.onset + ENDLESS if warning.expires is None else warning.expires


def rank_of(severity: Severity | None) -> int:
    """Return how grave a severity is; 0 when it is not told."""
    return 0 if severity is None else get_args(Severity).index(severity) + 1


def _measured(observation: Observation) -> dict[str, object]:
    return {
        "observed_at": observation.at.isoformat(),
        "celsius": None if observation.celsius is None else str(observation.celsius),
        "gust_kmh": None if observation.gust_kmh is None else str(observation.gust_kmh),
        "condition": observation.condition,
    }
