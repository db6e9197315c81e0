"""Master data from the TOML file, checked when the service starts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from contracts.foreign import Slug
from services.appointments.domain.master_data import Kind, MasterData, Need, Office, Release, Resource, Service, Text

DATA = Path(__file__).parent.parent / "data" / "offices.toml"
_Minutes = Annotated[int, Field(ge=0, le=7 * 24 * 60)]


class MasterDataError(Exception):
    """The file is wrong; the text names the place in it and what to do."""


def _forwards(hours: tuple[time, time]) -> tuple[time, time]:
    if hours[1] <= hours[0]:
        message = "must close later than it opens"
        raise ValueError(message)
    return hours


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Text(_Table):
    de: str
    en: str
    plain: str

    def value(self) -> Text:
        return Text(self.de, self.en, self.plain)


class _Release(_Table):
    at: time
    gather_minutes: _Minutes
    queue_minutes: _Minutes
    admitted_per_minute: Annotated[int, Field(ge=1)]

    def value(self) -> Release:
        return Release(self.at, self.gather_minutes, self.queue_minutes, self.admitted_per_minute)


class _Office(_Table):
    name: str
    address: str
    phone: str
    email: str | None = None
    latest_minutes: _Minutes
    days_ahead: Annotated[int, Field(ge=1, le=400)]
    release: _Release | None = None
    ticket_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,2}$")]


class _Resource(_Table):
    office: Slug
    kind: Kind
    name: str


class _Need(_Table):
    kind: Kind
    any_of: Annotated[tuple[Slug, ...], Field(min_length=1)]


class _Service(_Table):
    name: _Text
    hint: _Text
    bring: tuple[_Text, ...] = ()
    fee: _Text | None = None
    minutes: Annotated[int, Field(ge=5, le=600)]
    buffer_minutes: _Minutes = 0
    most: Annotated[int, Field(ge=1, le=20)] = 1
    needs: dict[Slug, tuple[_Need, ...]]


class _Series(_Table):
    office: Slug
    resources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    audience: Literal["public", "internal"]
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...]
    every_weeks: Annotated[int, Field(ge=1, le=8)] = 1
    hours: Annotated[tuple[time, time], AfterValidator(_forwards)]
    note: str = ""


class _File(_Table):
    offices: dict[Slug, _Office]
    resources: dict[Slug, _Resource]
    services: dict[Slug, _Service]
    series: tuple[_Series, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstSeries:
    """Opening hours with which a new installation begins."""

    office: str
    resources: tuple[str, ...]
    audience: Literal["public", "internal"]
    weekdays: tuple[int, ...]
    every_weeks: int
    hours: tuple[time, time]
    note: str


def read_master_data(path: Path | None = None) -> tuple[MasterData, tuple[FirstSeries, ...]]:
    """Read a file, or the shipped one; MasterDataError says what is wrong and where."""
    source = path or DATA
    try:
        file = _File.model_validate(_toml(source))
    except ValidationError as error:
        places = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()}))
        raise MasterDataError(f"{source.name}: please check {places}") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise MasterDataError(f"{source.name}: {error}") from None
    _check(source.name, file)
    return _master(file), tuple(FirstSeries(**dict(each)) for each in file.series)


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _check(name: str, file: _File) -> None:
    for code, resource in file.resources.items():
        if resource.office not in file.offices:
            raise MasterDataError(f"{name}: resources.{code}: there is no office {resource.office}")
    for code, service in file.services.items():
        for office, needs in service.needs.items():
            for need in needs:
                _check_need(f"{name}: services.{code}.needs.{office}", file, office, need)
    for number, series in enumerate(file.series):
        foreign = [each for each in series.resources if _office_of(file, each) != series.office]
        if foreign:
            raise MasterDataError(f"{name}: series.{number}: not of this office: {', '.join(foreign)}")


def _check_need(where: str, file: _File, office: str, need: _Need) -> None:
    for code in need.any_of:
        if _office_of(file, code) != office or file.resources[code].kind != need.kind:
            raise MasterDataError(f"{where}: {code} is no {need.kind} of this office")


def _office_of(file: _File, code: str) -> str | None:
    found = file.resources.get(code)
    return None if found is None else found.office


def _master(file: _File) -> MasterData:
    return MasterData(
        offices={code: _office(code, each) for code, each in file.offices.items()},
        resources={code: Resource(code, each.office, each.kind, each.name) for code, each in file.resources.items()},
        services={code: _service(code, each) for code, each in file.services.items()},
    )


def _office(code: str, each: _Office) -> Office:
    release = None if each.release is None else each.release.value()
    fields = each.model_dump(exclude={"release"})
    return Office(code=code, release=release, **fields)


def _service(code: str, each: _Service) -> Service:
    return Service(
        code=code,
        name=each.name.value(),
        hint=each.hint.value(),
        bring=tuple(text.value() for text in each.bring),
        fee=None if each.fee is None else each.fee.value(),
        minutes=each.minutes,
        buffer_minutes=each.buffer_minutes,
        needs={office: tuple(Need(need.kind, need.any_of) for need in needs) for office, needs in each.needs.items()},
        most=each.most,
    )
