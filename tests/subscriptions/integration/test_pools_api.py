"""The pools over HTTP: what the portal shows, what it may ask for, and how it hears of a change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.database import Database
from chassis.health import Health
from chassis.http import make_app
from chassis.settings import ServiceSettings
from services.subscriptions import queries
from services.subscriptions.api.pools import PoolsApi
from services.subscriptions.changes import Changes
from services.subscriptions.domain.master_data import Season
from tests.subscriptions.said import MASTER, POOL, closing, obey, subscriptions_at
from tests.support.eventually import eventually, running

FRIDAY = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


@pytest.fixture
async def changes(database: Database) -> AsyncGenerator[Changes]:
    changes = Changes(database)
    database.after_record(changes.wake)
    async with running(changes.watch()):
        yield changes


@pytest.fixture
async def portal(database: Database, changes: Changes, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    (tmp_path / "from-portal").write_text("token\n")
    health = Health()
    health.started = True
    routes = PoolsApi(database, MASTER, changes, lambda: FRIDAY).routes()
    app = make_app(ServiceSettings(tokens_dir=tmp_path), health, routes)
    headers = {"authorization": "Bearer token"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://subscriptions", headers=headers
    ) as client:
        yield client


def a_closure(**other: object) -> dict[str, object]:
    return {"tap_id": str(uuid4()), "reason": "storm", "seen_version": 0, "by": "kasse-1", **other}


async def json(portal: httpx.AsyncClient, path: str) -> Any:
    answer = await portal.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("season", "at", "shown"),
    [
        (Season((5, 15), (9, 15)), "2026-12-31T23:30:00+00:00", ("2027-05-15", "2027-09-15")),
        (Season((10, 1), (3, 31)), "2027-01-15T12:00:00+00:00", ("2026-10-01", "2027-03-31")),
        (Season((10, 1), (3, 31)), "2027-04-01T12:00:00+00:00", ("2027-10-01", "2028-03-31")),
        (Season((10, 1), (2, 29)), "2027-01-15T12:00:00+00:00", ("2026-10-01", "2027-02-28")),
        (Season((2, 29), (9, 15)), "2027-01-15T12:00:00+00:00", ("2027-03-01", "2027-09-15")),
        (Season((2, 29), (9, 15)), "2028-01-15T12:00:00+00:00", ("2028-02-29", "2028-09-15")),
    ],
)
async def test_the_season_is_the_one_that_runs_or_the_one_of_this_year(
    database: Database, season: Season, at: str, shown: tuple[str, str]
) -> None:
    pools = {POOL: replace(MASTER.of(POOL), season=season)}

    async with database.reading() as session:
        pool = await queries.pool(session, replace(MASTER, pools=pools), POOL, at=datetime.fromisoformat(at))

    assert pool is not None
    assert (pool["season"]["from"], pool["season"]["to"]) == shown


async def test_an_open_pool_is_shown_with_all_that_people_ask(portal: httpx.AsyncClient) -> None:
    (shown,) = await json(portal, "/pools")

    assert (shown["name"], shown["address"]) == ("Freibad Tangerhütte", "Horstweg, 39517 Tangerhütte")
    assert shown["now"] == {
        "open": True,
        "text_key": "open",
        "opens_at": None,
        "closes_at": "2026-06-12T16:00:00+00:00",
    }
    assert shown["season"] == {"from": "2026-05-15", "to": "2026-09-15"}
    assert shown["hours"][:2] == [
        {"day": "2026-06-12", "from": "13:00", "to": "18:00", "holiday": None},
        {"day": "2026-06-13", "from": "11:00", "to": "18:00", "holiday": None},
    ]
    assert len(shown["hours"]) == 7
    assert shown["prices"][0] == {"de": "Erwachsene", "en": "Adults", "eur": "2.00"}
    assert (shown["state"], shown["version"], shown["water"], shown["incident"]) == ("open", 0, None, None)


async def test_a_pool_of_which_only_the_bus_has_told_is_shown_too(
    portal: httpx.AsyncClient, database: Database
) -> None:
    await obey(database, closing(FRIDAY, pool="badesee"))

    shown = await json(portal, "/pools/badesee")

    assert [each["pool"] for each in await json(portal, "/pools")] == [POOL, "badesee"]
    assert (shown["name"], shown["hours"], shown["now"]["text_key"]) == ("badesee", [], "closed_incident")


async def test_taps_are_answered_with_the_pool_as_it_is_then(portal: httpx.AsyncClient) -> None:
    closed = await portal.post(f"/pools/{POOL}/closures", json=a_closure(until="2026-06-12T14:00:00Z"))
    opening = {"tap_id": str(uuid4()), "mistaken": True, "seen_version": 1, "by": "kasse-1"}
    opened = await portal.post(f"/pools/{POOL}/openings", json=opening)

    assert closed.json()["now"]["opens_at"] == "2026-06-12T14:00:00+00:00"
    assert (opened.json()["state"], opened.json()["version"], opened.json()["incident"]) == ("open", 2, None)


async def test_a_tap_on_an_old_page_is_refused_with_the_pool(portal: httpx.AsyncClient) -> None:
    for seen, path in enumerate(("closures", "openings")):
        body = a_closure(seen_version=seen)
        if path == "openings":
            del body["reason"]
        assert (await portal.post(f"/pools/{POOL}/{path}", json=body)).status_code == 200

    late = await portal.post(f"/pools/{POOL}/closures", json=a_closure())

    assert (late.status_code, late.json()["title"]) == (409, "Inzwischen hat sich etwas geändert.")
    assert (late.json()["pool"]["state"], late.json()["pool"]["version"]) == ("open", 2)


@pytest.mark.parametrize(
    "body",
    [
        a_closure(reason="sharks"),
        a_closure(tap_id="1"),
        a_closure(seen_version=-1),
        a_closure(by="Frau Müller"),
        a_closure(until="2026-06-12T11:00:00Z"),
        a_closure(until="morgen"),
        {},
        [],
    ],
    ids=["reason", "tap", "version", "by", "end is over", "end", "empty", "list"],
)
async def test_what_cannot_be_understood_changes_nothing(portal: httpx.AsyncClient, body: object) -> None:
    answer = await portal.post(f"/pools/{POOL}/closures", json=body)

    assert answer.status_code == 422
    assert (await json(portal, f"/pools/{POOL}"))["version"] == 0


async def test_nobody_closes_a_pool_that_does_not_exist(portal: httpx.AsyncClient) -> None:
    answers = [
        await portal.post("/pools/freibda/closures", json=a_closure()),
        await portal.post("/pools/freibda/water", json={"celsius": "20", "by": "kasse-1"}),
        await portal.get("/pools/freibda"),
    ]

    assert {(each.status_code, each.json()["title"]) for each in answers} == {
        (404, "Von diesem Bad ist nichts bekannt.")
    }


async def test_the_water_is_as_warm_as_last_measured(portal: httpx.AsyncClient) -> None:
    for celsius in ("13", 21.5):
        answer = await portal.post(f"/pools/{POOL}/water", json={"celsius": celsius, "by": "kasse-1"})
    wrong = [
        (await portal.post(f"/pools/{POOL}/water", json={"celsius": celsius, "by": "kasse-1"})).status_code
        for celsius in ("warm", "99", "-1", "20.55", "NaN")
    ]

    assert answer.json()["water"] == {"celsius": "21.5", "measured_at": FRIDAY.isoformat()}
    assert wrong == [422] * 5


async def test_whoever_waits_hears_of_a_tap_at_once(portal: httpx.AsyncClient) -> None:
    before = (await json(portal, "/changes"))["change"]
    started = monotonic()

    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(json(portal, f"/changes?after={before}&wait=20")) for _ in range(5)]
        await asyncio.sleep(0.1)
        await portal.post(f"/pools/{POOL}/closures", json=a_closure())

    assert {each.result()["change"] > before for each in waiting} == {True}
    assert monotonic() - started < 0.9


async def test_whoever_has_missed_a_change_does_not_wait(portal: httpx.AsyncClient) -> None:
    started = monotonic()

    assert (await json(portal, "/changes?after=7&wait=20"))["change"] == 0
    assert monotonic() - started < 1


async def test_without_a_change_the_wait_ends_in_time(portal: httpx.AsyncClient) -> None:
    started = monotonic()

    assert (await json(portal, "/changes?after=0&wait=0.3"))["change"] == 0
    assert 0.2 < monotonic() - started < 2


async def test_a_change_made_by_another_replica_is_seen_soon(database: Database) -> None:
    changes = Changes(database)  # nothing wakes it
    async with running(changes.watch()):
        waiting = asyncio.ensure_future(changes.after(0, wait=20))
        await asyncio.sleep(0.1)
        await obey(database, closing(FRIDAY))

        assert await asyncio.wait_for(waiting, timeout=5) > 0


async def test_nobody_waits_for_a_process_that_ends(database: Database) -> None:
    changes = Changes(database)
    async with running(changes.watch()):
        waiting = asyncio.ensure_future(changes.after(0, wait=20))
        await asyncio.sleep(0.1)

    assert await asyncio.wait_for(waiting, timeout=1) == 0


@pytest.mark.parametrize("query", ["after=x", "wait=nan", "wait=inf", "after=1e40"])
async def test_a_number_that_is_none_is_refused(portal: httpx.AsyncClient, query: str) -> None:
    assert (await portal.get(f"/changes?{query}")).status_code == 422


async def test_the_change_grows_with_pools_and_with_messages(portal: httpx.AsyncClient) -> None:
    seen = [(await json(portal, "/changes"))["change"]]

    async def has_grown() -> bool:
        return (await json(portal, "/changes"))["change"] > seen[-1]

    for version, path in enumerate(("closures", "openings", "closures")):
        body = a_closure(seen_version=version)
        if path == "openings":
            del body["reason"]
        await portal.post(f"/pools/{POOL}/{path}", json=body)
        await eventually(has_grown)
        seen.append((await json(portal, "/changes"))["change"])

    assert seen == sorted(set(seen))
