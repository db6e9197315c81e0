"""What the portal reads: offices, services, free times."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from chassis.database import Database
from services.appointments.api import availability
from services.appointments.desk import Desk
from services.appointments.domain.booking import Allocation
from services.appointments.domain.ticks import tick_of
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.storage.calendars import seed_series
from services.appointments.storage.master_data import read_master_data
from services.appointments.storage.tables import Base
from tests.appointments.calling import calling
from tests.appointments.openings import NOW, TUESDAY, local

TODAY = TUESDAY - timedelta(days=1)
HALL = "office=buergerbuero"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    """The shipped master data on an empty database."""
    master, first = read_master_data()
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/service.sqlite")
    async with database.transaction() as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
        await seed_series(session, master, first, TODAY)
    planner = Planner(database, master, replica_seconds=2)
    settings = AppointmentsSettings(key_file=tmp_path / "unused")
    yield Desk(database, master, planner, settings, b"k" * 32, lambda: NOW, freed=lambda: None)
    await database.close()


@pytest.fixture
async def portal(desk: Desk, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with calling(tmp_path, desk, availability.routes) as client:
        yield client


async def test_offices_say_what_they_offer_and_when_new_days_are_released(portal: httpx.AsyncClient) -> None:
    offices = {each["office"]: each for each in (await portal.get("/offices")).json()}

    assert offices["standesamt"]["services"] == ["eheschliessung"]
    assert offices["standesamt"]["release"] is None
    assert offices["buergerbuero"]["release"] == {"at": "07:30", "gather_minutes": 15, "queue_minutes": 30}
    assert offices["buergerbuero"]["days_ahead"] == 60


async def test_services_say_what_to_bring_in_three_kinds_of_language(portal: httpx.AsyncClient) -> None:
    services = {each["service"]: each for each in (await portal.get("/services")).json()}

    dog = services["hund"]
    assert set(dog["name"]) == set(dog["hint"]) == set(dog["bring"][0]) == {"de", "en", "plain"}
    assert (dog["minutes"], dog["most"], dog["fee"], dog["offices"]) == (10, 3, None, ["buergerbuero"])
    assert services["personalausweis"]["fee"]["de"].startswith("37,00")


async def test_free_times_come_by_day_as_instants(portal: httpx.AsyncClient) -> None:
    query = f"{HALL}&items=personalausweis:2,hund:1&from={TUESDAY}&days=2&audience=public"

    found = (await portal.get(f"/availability?{query}")).json()

    assert (found["office"], found["minutes"]) == ("buergerbuero", 50)
    assert found["days"][0] == {
        "day": "2026-12-01",
        "starts": [
            f"2026-12-01T{each}:00Z"
            for each in ("08:00", "08:50", "09:40", "12:00", "12:50", "13:40", "14:30", "15:20")
        ],
        "closed": None,
        "closed_name": None,
    }
    assert found["days"][1] == {"day": "2026-12-02", "starts": [], "closed": "no_hours", "closed_name": None}


async def test_without_days_it_is_the_fortnight_from_today(portal: httpx.AsyncClient) -> None:
    found = (await portal.get(f"/availability?{HALL}&items=reisepass")).json()

    assert [each["day"] for each in found["days"]] == [(TODAY + timedelta(days=each)).isoformat() for each in range(14)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"{HALL}&items=zauberei", "unknown"),
        (f"{HALL}&items=eheschliessung", "not_here"),
        (f"{HALL}&items=reisepass:9", "too_many"),
        (f"{HALL}&items=reisepass:-1", "invalid"),
        (f"{HALL}&items=reisepass:²", "invalid"),
        (f"{HALL}&items=", "invalid"),
        (f"{HALL}&items=reisepass&days=9999", "invalid"),
        (f"{HALL}&items=reisepass&from=9999-12-31", "invalid"),
        (f"{HALL}&items=reisepass&from=gestern", "invalid"),
        (f"{HALL}&items=reisepass&audience=god", "invalid"),
        (f"{HALL}&items=reisepass&sql=1", "invalid"),
        ("items=reisepass", "invalid"),
    ],
)
async def test_what_is_not_offered_or_not_readable_is_refused_in_words(
    portal: httpx.AsyncClient, query: str, code: str
) -> None:
    answer = await portal.get(f"/availability?{query}")

    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert answer.json()["title"].endswith(".")


async def test_the_earliest_is_told_for_each_office_that_offers_it(portal: httpx.AsyncClient) -> None:
    found = (await portal.get("/earliest?items=reisepass")).json()

    assert found == [
        {"office": "buergerbuero", "starts_at": "2026-11-30T08:00:00Z"},
        {"office": "luederitz", "starts_at": "2026-12-02T13:00:00Z"},
    ]


async def test_free_and_busy_has_every_counter_and_no_reason(desk: Desk, portal: httpx.AsyncClient) -> None:
    path = f"/free-busy?{HALL}&from={TUESDAY}&days=1"
    await portal.get(path)
    visit = Allocation("buergerbuero", ("schalter-2",), tick_of(local(TUESDAY, 9)), 4, 4)
    desk.planner.took(visit, expires_at=None)

    found = (await portal.get(path)).json()

    assert [(each["resource"], each["busy"]) for each in found["resources"]] == [
        ("schalter-1", []),
        ("schalter-2", [{"from": "2026-12-01T08:00:00Z", "to": "2026-12-01T08:20:00Z"}]),
        ("schalter-3", []),
    ]
    assert (await portal.get("/free-busy?office=nirgends")).status_code == 422


async def test_only_the_portal_and_the_town_hall_may_ask(portal: httpx.AsyncClient) -> None:
    answer = await portal.get(f"/availability?{HALL}&items=reisepass", headers={"authorization": "Bearer wrong"})

    assert answer.status_code == 401
