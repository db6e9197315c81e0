"""A projection is dropped with its claims, both or neither, and only where nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import utc_now
from chassis.database import Database
from chassis.health import Health
from chassis.http import make_app
from chassis.inbox import FailureLedger, first_delivery
from chassis.rebuild import Drop, rebuild_routes
from chassis.settings import ServiceSettings
from contracts.topology import DURABLES
from tests.support.events import a_notice_generated
from tests.support.toy.effects import effects
from tests.support.toy.storage.tables import Effect

DURABLE = "subscriptions-alerts"
OTHER = "subscriptions-pools"
EVENTS = [a_notice_generated() for _ in range(3)]
PATH = f"/durables/{DURABLE}/drop"


async def drop_effects(session: AsyncSession) -> None:
    await session.execute(delete(Effect))


async def drop_and_stumble(session: AsyncSession) -> None:
    await drop_effects(session)
    raise KeyError(DURABLE)


@pytest.fixture
async def built(database: Database) -> Database:
    """A database with a projection of three events, and claims of another consumer."""
    async with database.transaction() as session:
        for event in EVENTS:
            assert await first_delivery(session, DURABLE, event)
            assert await first_delivery(session, OTHER, event)
            session.add(Effect(event_key=event.key()))
    for name in (DURABLE, OTHER):
        await FailureLedger(database).add(name, "x" * 64, "KeyError")
    return database


@pytest.fixture
async def door(built: Database, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with door_of(built, tmp_path, drop_effects) as client:
        yield client


def door_of(database: Database, folder: Path, drop: Drop) -> httpx.AsyncClient:
    (folder / "from-rathaus").write_text("token\n")
    health = Health()
    health.started = True
    app = make_app(ServiceSettings(tokens_dir=folder), health, rebuild_routes(database, {DURABLE: drop}))
    headers = {"authorization": "Bearer token"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy", headers=headers)


async def claimed_again(database: Database, durable: str) -> int:
    """Count the events that a consumer would handle once more."""
    async with database.transaction() as session:
        return [await first_delivery(session, durable, event) for event in EVENTS].count(True)


async def test_projection_claims_and_failures_of_one_consumer_go_together(
    built: Database, door: httpx.AsyncClient
) -> None:
    answer = await door.post(PATH)

    assert (answer.status_code, answer.json()) == (200, {"durable": DURABLE, "claims": 3})
    assert await effects(built) == 0
    assert (await claimed_again(built, DURABLE), await claimed_again(built, OTHER)) == (3, 0)
    ledger = FailureLedger(built)
    counted = [(await ledger.add(name, "x" * 64, "KeyError")).failures for name in (DURABLE, OTHER)]
    assert counted == [1, 2]


async def test_a_drop_that_fails_halfway_has_dropped_nothing(built: Database, tmp_path: Path) -> None:
    async with door_of(built, tmp_path, drop_and_stumble) as door:
        answer = await door.post(PATH)

    assert (answer.status_code, await effects(built)) == (500, 3)
    assert await claimed_again(built, DURABLE) == 0


async def test_nothing_is_dropped_that_a_younger_stream_cannot_give_back(
    built: Database, door: httpx.AsyncClient
) -> None:
    refused = await door.post(PATH, json={"stream_created_at": utc_now().isoformat()})
    kept = await effects(built)
    older = utc_now() - timedelta(hours=1)
    dropped = await door.post(PATH, json={"stream_created_at": older.isoformat()})

    assert (refused.status_code, kept, dropped.status_code, await effects(built)) == (409, 3, 200, 0)


@pytest.mark.usefixtures("built")
async def test_an_empty_projection_may_be_dropped_whatever_the_stream(door: httpx.AsyncClient) -> None:
    body = {"stream_created_at": utc_now().isoformat()}
    await door.post(PATH)

    assert (await door.post(PATH, json=body)).status_code == 200


@pytest.mark.parametrize("body", [b"{", b'{"since": 1}', b'{"stream_created_at": "yesterday"}'])
async def test_a_drop_that_makes_no_sense_is_refused(built: Database, door: httpx.AsyncClient, body: bytes) -> None:
    answer = await door.post(PATH, content=body)

    assert (answer.status_code, await effects(built)) == (422, 3)


async def test_another_consumer_cannot_be_dropped(built: Database, door: httpx.AsyncClient) -> None:
    answer = await door.post(f"/durables/{OTHER}/drop")

    assert (answer.status_code, DURABLE in answer.json()["detail"]) == (404, True)
    assert await claimed_again(built, OTHER) == 0


async def test_only_the_command_may_drop(built: Database, door: httpx.AsyncClient) -> None:
    answer = await door.post(PATH, headers={"authorization": "Bearer other"})

    assert (answer.status_code, await effects(built)) == (401, 3)


@pytest.mark.parametrize("name", [each.name for each in DURABLES if not each.rebuildable])
async def test_what_has_effects_outside_is_never_rebuilt(built: Database, name: str) -> None:
    with pytest.raises(ValueError, match="effects outside"):
        rebuild_routes(built, {name: drop_effects})
