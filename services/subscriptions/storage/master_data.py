"""Master data from TOML files, checked when the service starts."""

from __future__ import annotations

import tomllib
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chassis.holidays import holidays_of
from services.subscriptions.domain.master_data import (
    Break,
    Calendar,
    MasterData,
    MonthDay,
    OpeningTimes,
    PoolData,
    Price,
    Season,
    Severity,
    Span,
    TemperatureRule,
    ThunderstormRule,
    WeatherRules,
    WindRule,
)

DATA = Path(__file__).parent.parent / "data"
_SLUG = TypeAdapter(Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)])
_LEAP_YEAR = 2000


class MasterDataError(Exception):
    """A file of master data is wrong; the text names the file, the pool and the key."""


def _month_day(text: str) -> MonthDay:
    day = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    return day.month, day.day


def _checked_day(text: str) -> str:
    _month_day(text)
    return text


def _forwards(span: Span) -> Span:
    if span[1] <= span[0]:
        message = "must close later than it opens"
        raise ValueError(message)
    return span


_Day = Annotated[str, Field(pattern=r"^\d\d-\d\d$"), AfterValidator(_checked_day)]
_Hours = Annotated[tuple[time, time], AfterValidator(_forwards)]
_Minutes = Annotated[int, Field(ge=0, le=24 * 60)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Season(_Table):
    from_: _Day = Field(alias="from")
    to: _Day


class _Hour(_Table):
    weekday: _Hours | None = None
    weekend: _Hours | None = None
    school_holidays: _Hours | None = None


class _Price(_Table):
    de: str
    en: str
    eur: Decimal = Field(ge=0, decimal_places=2)


class _Thunderstorm(_Table):
    automatic: bool = False
    min_severity: Severity = "moderate"
    lead_minutes: _Minutes = 60
    clear_minutes: _Minutes = 30


class _Temperature(_Table):
    automatic: bool = False
    below_celsius: Decimal = Field(ge=-20, le=40)


class _Wind(_Table):
    automatic: bool = False
    gust_above_kmh: Decimal = Field(ge=20, le=200)


class _Weather(_Table):
    thunderstorm: _Thunderstorm | None = None
    temperature: _Temperature | None = None
    wind: _Wind | None = None


class _Pool(_Table):
    name: str = Field(min_length=1, max_length=80)
    address: str | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    warn_cell: str | None = Field(default=None, pattern=r"^\d{9}$")
    season: _Season | None = None
    hours: _Hour | None = None
    prices: tuple[_Price, ...] = ()
    weather: _Weather = _Weather()


def read_master_data(town: str, pools_file: Path | None = None) -> MasterData:
    """Read what the town says of its pools, and the calendar; MasterDataError when a file is wrong."""
    return MasterData(town, read_pools(pools_file or DATA / "pools.toml"), almanac(DATA / "school_holidays.toml"))


def read_pools(path: Path) -> dict[str, PoolData]:
    """Read the pools in the order of the file."""
    return {pool: _pool(path, pool, table) for pool, table in _toml(path).items()}


class Almanac:
    """The calendar around any day: public holidays are computed, school holidays are listed."""

    def __init__(self, school: tuple[Break, ...]) -> None:
        """Know these school holidays."""
        self._school = school

    def __call__(self, day: date) -> Calendar:
        """Return the calendar of the year before, the year and the two after it."""
        return Calendar(_public_holidays(day.year), self._school)


def almanac(path: Path) -> Almanac:
    """Read the school holidays."""
    adapter = TypeAdapter(dict[str, dict[str, tuple[date, date]]])
    try:
        years = adapter.validate_python(_toml(path))
    except ValidationError as error:
        raise _wrong(path, error) from None
    return Almanac(tuple(Break(name, *span) for breaks in years.values() for name, span in breaks.items()))


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> dict[date, str]:
    return {day: name for each in range(year - 1, year + 3) for day, name in holidays_of(each).items()}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise MasterDataError(message) from None


def _wrong(path: Path, error: ValidationError, *, pool: str = "") -> MasterDataError:
    place = f"[{pool}] " if pool else ""
    lines = [f"{path}: {place}{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return MasterDataError("\n".join(lines))


def _pool(path: Path, pool: str, table: Any) -> PoolData:
    try:
        _SLUG.validate_python(pool)
        found = _Pool.model_validate(table)
    except ValidationError as error:
        raise _wrong(path, error, pool=pool) from None
    return PoolData(
        pool=pool,
        name=found.name,
        address=found.address,
        latitude=found.latitude,
        longitude=found.longitude,
        warn_cell=found.warn_cell,
        season=found.season and Season(_month_day(found.season.from_), _month_day(found.season.to)),
        hours=OpeningTimes(**dict(found.hours)) if found.hours else None,
        prices=tuple(Price(each.de, each.en, each.eur) for each in found.prices),
        weather=_weather(found.weather),
    )


def _weather(found: _Weather) -> WeatherRules:
    storm, cold, wind = found.thunderstorm, found.temperature, found.wind
    return WeatherRules(
        thunderstorm=storm
        and ThunderstormRule(
            storm.automatic,
            storm.min_severity,
            lead=timedelta(minutes=storm.lead_minutes),
            clear=timedelta(minutes=storm.clear_minutes),
        ),
        temperature=cold and TemperatureRule(cold.automatic, cold.below_celsius),
        wind=wind and WindRule(wind.automatic, wind.gust_above_kmh),
    )
