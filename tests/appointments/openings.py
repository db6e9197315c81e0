"""Opening hours for tests: series, special days and calendars with usual values, and an office with some counters."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import insert

from chassis.database import Database
from services.appointments.domain.booking import Allocation, Item, Wish
from services.appointments.domain.calendar import OfficeCalendar, Series, SpecialDays
from services.appointments.domain.master_data import Kind, MasterData, Need, Office, Release, Resource, Service, Text
from services.appointments.domain.ticks import LOCAL, local_tick
from services.appointments.planner import Planner
from services.appointments.storage.calendars import series_row, special_row
from services.appointments.storage.tables import Base, CalendarRow, ClaimRow

OFFICE = "rathaus"
TUESDAY = date(2026, 12, 1)
NOW = datetime(2026, 11, 30, 8, tzinfo=LOCAL).astimezone(UTC)
"""The Monday before."""
NO_TEXT = Text("", "", "")
PASS, PICK_UP, WEDDING, DOG = (Wish(OFFICE, (Item(each),)) for each in ("pass", "pick-up", "wedding", "dog"))
"""20 minutes at counter 1, 2 or 3; 5 minutes there; 45 and 15 of buffer with clerk and room; 10 at 2 or 3."""


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a local time."""
    return datetime.combine(day, time(hour, minute), tzinfo=LOCAL).astimezone(UTC)


def a_series(*resources: str, **more: Any) -> Series:
    """Each weekday from nine to twelve."""
    usual: dict[str, Any] = {
        "audience": "public",
        "weekdays": (0, 1, 2, 3, 4),
        "every_weeks": 1,
        "from_time": time(9),
        "to_time": time(12),
        "first_day": date(2020, 1, 1),
        "last_day": None,
    }
    return Series(series_id=uuid4(), resources=resources or ("one",), **{**usual, **more})


def special(kind: Literal["closed", "open"], day: date = TUESDAY, **more: Any) -> SpecialDays:
    """A closure or a special opening of all of the office on one whole day."""
    usual: dict[str, Any] = {
        "resources": None,
        "audience": "public",
        "first_day": day,
        "last_day": day,
        "from_time": None,
        "to_time": None,
        "even_on_holidays": False,
        "reason": "Betriebsausflug",
    }
    return SpecialDays(exception_id=uuid4(), kind=kind, **{**usual, **more})


def a_calendar(*parts: Series | SpecialDays, holidays: Mapping[date, str] | None = None) -> OfficeCalendar:
    """A calendar of these parts."""
    series = tuple(each for each in parts if isinstance(each, Series))
    exceptions = tuple(each for each in parts if isinstance(each, SpecialDays))
    return OfficeCalendar(OFFICE, 1, series, exceptions, holidays or {})


def a_service(code: str, minutes: int, *needs: Need, buffer: int = 0, most: int = 4, office: str = OFFICE) -> Service:
    """A service of one office."""
    return Service(code, NO_TEXT, NO_TEXT, (), None, minutes, buffer, {office: needs}, most)


def a_master(release: Release | None = None, **office: Any) -> MasterData:
    """One office with three counters, a clerk and a room, and another one that does nothing."""
    usual: dict[str, Any] = {"latest_minutes": 30, "days_ahead": 60, "release": release, "ticket_prefix": "A"}
    offices = [Office(code, code, "", "", None, **{**usual, **office}) for code in (OFFICE, "archiv")]
    kinds: dict[str, Kind] = {"one": "counter", "two": "counter", "three": "counter", "clerk": "clerk", "room": "room"}
    resources = [Resource(code, OFFICE, kind, code) for code, kind in kinds.items()]
    counters = Need("counter", ("one", "two", "three"))
    services = [
        a_service("pass", 20, counters),
        a_service("pick-up", 5, counters),
        a_service("wedding", 45, Need("clerk", ("clerk",)), Need("room", ("room",)), buffer=15, most=1),
        a_service("dog", 10, Need("counter", ("three", "two"))),
    ]
    return MasterData(
        {each.code: each for each in offices},
        {each.code: each for each in resources},
        {each.code: each for each in services},
    )


def an_allocation(at: datetime, minutes: int, *resources: str) -> Allocation:
    """A visit at an instant."""
    first = int(at.timestamp()) // 300
    return Allocation(OFFICE, resources, first, minutes // 5, minutes // 5)


async def claim(database: Database, allocation: Allocation, kind: str, expires_at: datetime | None = None) -> None:
    """Claim it as a commit of another process would."""
    rows = [
        {"resource": each, "tick": tick, "booking_id": UUID(int=tick), "kind": kind, "expires_at": expires_at}
        for each in allocation.resources
        for tick in allocation.claimed
    ]
    async with database.transaction() as session:
        await session.execute(insert(ClaimRow), rows)


@asynccontextmanager
async def a_database(url: str, parts: Sequence[Series | SpecialDays] = ()) -> AsyncGenerator[Database]:
    """A database with these opening hours."""
    database = Database(url)
    async with database.transaction() as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
        session.add(CalendarRow(office=OFFICE, version=1))
        for each in parts:
            session.add(series_row(OFFICE, each) if isinstance(each, Series) else special_row(OFFICE, each))
    yield database
    await database.close()


def a_planner(database: Database, master: MasterData | None = None, *, replica_seconds: float = 60) -> Planner:
    """A planner that knows nothing yet."""
    return Planner(database, master or a_master(), replica_seconds=replica_seconds)


def mask_of(day: date, *hours: tuple[int, int]) -> int:
    """Full local hours of a day as a mask."""
    base = local_tick(day, time())
    found = 0
    for first, end in hours:
        for tick in range(local_tick(day, time(first)) - base, local_tick(day, time(end)) - base):
            found |= 1 << tick
    return found
