"""Looks at the weather for tests: a fair summer noon, with whatever a test wants otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from services.subscriptions.domain.master_data import (
    Calendar,
    MasterData,
    OpeningTimes,
    PoolData,
    TemperatureRule,
    ThunderstormRule,
    WeatherRules,
    WindRule,
)
from services.subscriptions.domain.weather import Observation, Sight, Warnings, WeatherWarning
from tests.support.events import TOWN

NOON = datetime(2026, 7, 4, 12, 0, tzinfo=UTC)
POOL = "freibad-tangerhuette"
CELL = "815090546"
LATITUDE, LONGITUDE = 52.4335, 11.8005
ALL_DAY = (time.min, time.max)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def rules(*, automatic: bool = False, clear_minutes: float = 30) -> WeatherRules:
    return WeatherRules(
        ThunderstormRule(automatic, "moderate", lead=minutes(60), clear=minutes(clear_minutes)),
        TemperatureRule(automatic, Decimal("15.0")),
        WindRule(automatic, Decimal("75.0")),
    )


def a_pool(**fields: Any) -> PoolData:
    """A pool that is watched day and night."""
    data = PoolData(
        POOL,
        "Freibad Tangerhütte",
        latitude=LATITUDE,
        longitude=LONGITUDE,
        warn_cell=CELL,
        hours=OpeningTimes(weekday=ALL_DAY, weekend=ALL_DAY),
        weather=rules(),
    )
    return replace(data, **fields)


def a_town(data: PoolData) -> MasterData:
    return MasterData(TOWN, {data.pool: data}, lambda _day: Calendar(public={}))


def an_observation(**fields: Any) -> Observation:
    fair = Observation(NOON - minutes(10), LATITUDE + 0.05, LONGITUDE, Decimal("27.5"), Decimal(18), "dry")
    return replace(fair, **fields)


def a_warning(**fields: Any) -> WeatherWarning:
    return replace(
        WeatherWarning(
            alert_id="2.49.0.0.276.0.DWD.1",
            status="actual",
            event="STARKES GEWITTER",
            headline="Amtliche WARNUNG vor STARKEM GEWITTER",
            severity="moderate",
            onset=NOON,
            expires=NOON + minutes(120),
            response_type="prepare",
        ),
        **fields,
    )


def a_sight(*warnings: WeatherWarning, complete: bool = True, **fields: Any) -> Sight:
    return Sight(an_observation(**fields), Warnings(CELL, warnings, complete))


BLIND = Sight(None, None)
