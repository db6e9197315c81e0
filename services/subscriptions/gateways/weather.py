"""The weather service (Bright Sky, data of the German weather service): two questions, read strictly.

Whatever cannot be read counts as no answer; nothing here raises for what the service does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import httpx
import structlog
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.subscriptions.domain.master_data import PoolData
from services.subscriptions.domain.weather import Observation, Sight, Warnings, WeatherWarning

log = structlog.stdlib.get_logger()

CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 10.0
MAX_BYTES = 4_000_000
_HEADLINE = 200


def _zoned(value: datetime) -> datetime:
    try:
        if value.tzinfo is not None:
            return value.astimezone(UTC)
    except OverflowError:
        pass
    raise ValueError("an instant needs a time zone, and a year that there is")


def _number(value: object) -> object:
    """Numbers only: a text or a truth value is no measurement."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError("a number is expected")


Instant = Annotated[datetime, AfterValidator(_zoned)]
Number = Annotated[Decimal | None, BeforeValidator(_number)]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Record(_Read):
    """`weather` of /current_weather. Gusts come for three spans of time; stations do not fill all of them."""

    timestamp: Instant
    source_id: int
    temperature: Number = None
    wind_gust_speed_10: Number = None
    wind_gust_speed_30: Number = None
    wind_gust_speed_60: Number = None
    condition: str | None = None


class _Source(_Read):
    id: int
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class _Current(_Read):
    weather: _Record
    sources: list[_Source]


class _Alert(_Read):
    alert_id: str
    status: Literal["actual", "test"]
    event_de: str
    headline_de: str
    severity: Literal["minor", "moderate", "severe", "extreme"] | None = None
    onset: Instant
    expires: Instant | None = None
    response_type: str | None = None


class _Location(_Read):
    warn_cell_id: int


class _Alerts(_Read):
    alerts: list[dict[str, Any]]
    location: _Location


class WeatherService:
    """Asks for the weather of one pool."""

    def __init__(self, url: str, *, whole_seconds: float = WHOLE_SECONDS) -> None:
        """Open nothing yet."""
        limits = httpx.Timeout(whole_seconds, connect=CONNECT_SECONDS)
        self._client = httpx.AsyncClient(base_url=url, timeout=limits, headers={"user-agent": "digitales-rathaus"})
        self._whole_seconds = whole_seconds

    async def look(self, data: PoolData) -> Sight:
        """Ask both questions at once; None for what was not answered, or not readably."""
        observation, warnings = await asyncio.gather(self._observation(data), self._warnings(data))
        return Sight(observation, warnings)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _observation(self, data: PoolData) -> Observation | None:
        if data.latitude is None or data.longitude is None:
            return None
        body = await self._asked("/current_weather", {"lat": str(data.latitude), "lon": str(data.longitude)})
        try:
            return None if body is None else _observed(_Current.model_validate(body))
        except (ValidationError, StopIteration):
            return _unreadable("/current_weather")

    async def _warnings(self, data: PoolData) -> Warnings | None:
        if data.warn_cell is None:
            return None
        body = await self._asked("/alerts", {"warn_cell_id": data.warn_cell})
        try:
            return None if body is None else _warned(_Alerts.model_validate(body))
        except ValidationError:
            return _unreadable("/alerts")

    async def _asked(self, path: str, parameters: Mapping[str, str]) -> object | None:
        try:
            async with asyncio.timeout(self._whole_seconds):
                return await self._body(path, parameters)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError) as error:
            log.warning("weather.no_answer", path=path, reason=type(error).__name__)
            return None

    async def _body(self, path: str, parameters: Mapping[str, str]) -> object:
        content = bytearray()
        async with self._client.stream("GET", path, params=parameters) as answer:
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > MAX_BYTES:
                    raise ValueError("too large")
        return json.loads(bytes(content), parse_float=Decimal, parse_constant=_no_number)


def _no_number(text: str) -> object:
    """Python reads NaN and Infinity, which JSON does not have."""
    raise ValueError(text)


def _observed(current: _Current) -> Observation:
    record = current.weather
    station = next(each for each in current.sources if each.id == record.source_id)
    gusts = (record.wind_gust_speed_10, record.wind_gust_speed_30, record.wind_gust_speed_60)
    return Observation(
        at=record.timestamp,
        latitude=station.lat,
        longitude=station.lon,
        celsius=record.temperature,
        gust_kmh=next((each for each in gusts if each is not None), None),
        condition=record.condition,
    )


def _warned(answer: _Alerts) -> Warnings:
    read = [_warning(each) for each in answer.alerts]
    readable = tuple(each for each in read if each is not None)
    return Warnings(str(answer.location.warn_cell_id), readable, complete=len(readable) == len(read))


def _warning(given: Mapping[str, Any]) -> WeatherWarning | None:
    try:
        alert = _Alert.model_validate(given)
    except ValidationError:
        return _unreadable("/alerts")
    return WeatherWarning(
        alert_id=alert.alert_id,
        status=alert.status,
        event=alert.event_de,
        headline=alert.headline_de[:_HEADLINE],
        severity=alert.severity,
        onset=alert.onset,
        expires=alert.expires,
        response_type=alert.response_type,
    )


def _unreadable(path: str) -> None:
    log.warning("weather.unreadable", path=path)
