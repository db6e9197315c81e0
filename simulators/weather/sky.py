"""The weather that the simulated service tells of: fair summer, until told otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Literal, cast, get_args

Condition = Literal["dry", "fog", "rain", "sleet", "snow", "hail", "thunderstorm"]
Json = dict[str, Any]
_NUMBERS = frozenset({"temperature", "wind_gust"})
_ALERT_TEXTS = frozenset(
    {"status", "severity", "event_de", "event_en", "headline_de", "headline_en", "response_type", "category"}
    | {"description_de", "description_en", "certainty", "urgency", "alert_id"}
)
_MOMENTS = ("effective", "onset", "expires")


class BadOrderError(Exception):
    """An order that cannot be understood."""


@dataclass
class Sky:
    """What the next answers are made of."""

    temperature: float | None = 27.5
    wind_gust: float | None = 18.0
    condition: Condition | None = "dry"
    alerts: list[Json] = field(default_factory=list[Json])
    _numbers: count[int] = field(default_factory=lambda: count(279_977), repr=False)

    def order(self, body: object, *, now: datetime) -> None:
        """Take new values; what is not named stays. BadOrderError, and nothing changed, when one is not understood."""
        given = _object(body)
        unknown = sorted(given.keys() - {*_NUMBERS, "condition", "alerts"})
        if unknown:
            raise BadOrderError(f"unknown: {', '.join(unknown)}")
        for name in _NUMBERS & given.keys():
            if not isinstance(given[name], int | float | None) or isinstance(given[name], bool):
                raise BadOrderError(f"{name} is a number or null")
        if given.get("condition") not in {None, *get_args(Condition)}:
            raise BadOrderError(f"condition is one of {', '.join(get_args(Condition))}")
        alerts = [self._alert(each, now) for each in _list(given.pop("alerts"))] if "alerts" in given else self.alerts
        for name, value in given.items():
            setattr(self, name, value)
        self.alerts = alerts

    def shown(self) -> Json:
        """Return what is set."""
        return {
            "temperature": self.temperature,
            "wind_gust": self.wind_gust,
            "condition": self.condition,
            "alerts": self.alerts,
        }

    def _alert(self, order: object, now: datetime) -> Json:
        given = _object(order)
        unknown = sorted(given.keys() - _ALERT_TEXTS - {*_MOMENTS, "event_code", "cell"})
        if unknown:
            raise BadOrderError(f"unknown in an alert: {', '.join(unknown)}")
        number = next(self._numbers)
        moments = {"effective": now, "onset": now, "expires": now + timedelta(hours=2)}
        return {
            "id": number,
            "alert_id": f"2.49.0.0.276.0.DWD.PVW.{int(now.timestamp() * 1000)}.{number}",
            "status": "actual",
            "category": "met",
            "response_type": "prepare",
            "urgency": "immediate",
            "severity": "moderate",
            "certainty": "likely",
            "event_code": 33,
            "event_en": "heavy thunderstorm",
            "event_de": "STARKES GEWITTER",
            "headline_en": "Official WARNING of HEAVY THUNDERSTORM",
            "headline_de": "Amtliche WARNUNG vor STARKEM GEWITTER",
            "description_en": "Simulated.",
            "description_de": "Simuliert.",
            "instruction_en": None,
            "instruction_de": None,
            "cell": None,
            **given,
            **{name: _moment(given.get(name, moments[name]), now) for name in _MOMENTS},
        }


def moved(instant: str | None, minutes: float) -> str | None:
    """Return an instant of an answer, moved into the past."""
    return None if instant is None else stamp(datetime.fromisoformat(instant) - timedelta(minutes=minutes))


def stamp(instant: datetime) -> str:
    """Return an instant as the service writes it."""
    return instant.isoformat(timespec="seconds")


def _moment(given: object, now: datetime) -> str | None:
    """Minutes from now, or an ISO 8601 instant, or null."""
    if given is None:
        return None
    if isinstance(given, int | float):
        return stamp(now + timedelta(minutes=given))
    try:
        return stamp(given if isinstance(given, datetime) else datetime.fromisoformat(str(given)))
    except ValueError:
        raise BadOrderError("a moment is a number of minutes from now, an ISO 8601 instant, or null") from None


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise BadOrderError("an object is expected")
    return dict(cast("Json", value))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BadOrderError("a list is expected")
    return cast("list[object]", value)
