"""The bodies of Bright Sky (version 2.2), field by field."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from simulators.weather.sky import Sky, moved, stamp

Json = dict[str, Any]
CELL = 815_090_546
"""Tangerhütte: 8 and the municipality's key."""
ELSEWHERE = {"cell": 809_162_000, "lat": 48.14, "lon": 11.58, "station_name": "München-Stadt", "name": "Stadt München"}
_KEY = {"id": 6007, "dwd_station_id": "03376", "wmo_station_id": "10365", "observation_type": "synop", "height": 48.0}
_GROUND = 10
_WINDOWS = (10, 30, 60)


def source(lat: float, lon: float, *, now: datetime, elsewhere: bool) -> Json:
    """Return the station next to a place, or one that is far away."""
    here = {"lat": round(lat + 0.05, 4), "lon": lon, "station_name": "Simulierte Station", "distance": 5560}
    there = {**{name: ELSEWHERE[name] for name in ("lat", "lon", "station_name")}, "distance": 5560}
    records = {"first_record": stamp(now - timedelta(hours=30)), "last_record": stamp(now)}
    return {**_KEY, **records, **(there if elsewhere else here)}


def current(sky: Sky, *, now: datetime, old: float) -> Json:
    """Return the record of /current_weather; observations are some minutes old, as in life."""
    on_time = now - timedelta(minutes=now.minute % _GROUND, seconds=now.second)
    record: Json = {
        "source_id": _KEY["id"],
        "timestamp": moved(stamp(on_time), old),
        "cloud_cover": 25.0,
        "condition": sky.condition,
        "dew_point": 12.1,
        "icon": "clear-day" if sky.condition == "dry" else sky.condition,
        "pressure_msl": 1018.2,
        "relative_humidity": 41,
        "temperature": sky.temperature,
        "visibility": 45_000,
        "fallback_source_ids": {},
    }
    for minutes in _WINDOWS:
        record |= {
            f"precipitation_{minutes}": 0.0,
            f"solar_{minutes}": 0.1,
            f"wind_direction_{minutes}": 240,
            f"wind_speed_{minutes}": 9.4,
            f"wind_gust_direction_{minutes}": 250,
            f"wind_gust_speed_{minutes}": sky.wind_gust,
        }
    return record | {"sunshine_30": 28, "sunshine_60": 52}


def hourly(sky: Sky, *, date: datetime) -> list[Json]:
    """Return the records of /weather for a day: the same sky every hour."""
    first = date.replace(minute=0, second=0, microsecond=0)
    return [
        {
            "source_id": _KEY["id"],
            "timestamp": stamp(first + timedelta(hours=hour)),
            "condition": sky.condition,
            "temperature": sky.temperature,
            "wind_speed": 9.4,
            "wind_gust_speed": sky.wind_gust,
            "precipitation": 0.0,
            "precipitation_probability": None,
            "precipitation_probability_6h": None,
            "cloud_cover": 25.0,
            "pressure_msl": 1018.2,
            "relative_humidity": 41,
            "fallback_source_ids": {},
        }
        for hour in range(25)
    ]


def alerts(sky: Sky, cell: int, *, old: float) -> list[Json]:
    """Return the alerts of a cell."""
    return [
        {**{name: value for name, value in each.items() if name != "cell"}, **_times(each, old)}
        for each in sky.alerts
        if each["cell"] in {None, cell}
    ]


def location(cell: int) -> Json:
    """Return what is told of a cell."""
    if cell == ELSEWHERE["cell"]:
        state = {"district": "München", "state": "Bayern", "state_short": "BY"}
        return {"warn_cell_id": cell, "name": ELSEWHERE["name"], "name_short": "München", **state}
    state = {"district": "Stendal", "state": "Sachsen-Anhalt", "state_short": "SA"}
    return {"warn_cell_id": cell, "name": "Stadt Tangerhütte", "name_short": "Tangerhütte", **state}


def hollow(body: Json) -> Json:
    """Return a body whose fields are all null, as the service may send them."""
    return {name: _hollow(value) for name, value in body.items()}


def _hollow(value: object) -> Any:
    if isinstance(value, dict):
        return dict.fromkeys(cast("Json", value))
    if isinstance(value, list):
        return [_hollow(each) for each in cast("list[object]", value)]
    return None


def _times(alert: Json, old: float) -> Json:
    return {name: moved(alert[name], old) for name in ("effective", "onset", "expires")}
