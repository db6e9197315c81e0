"""The projection of alerts: each once, only what is valid, and built again after it was dropped."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from chassis.database import Database
from services.subscriptions import queries
from services.subscriptions.commands.take_alert import take_alert
from services.subscriptions.storage import alerts
from tests.subscriptions.said import NOON, after, an_alert, subscriptions_at


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    async with subscriptions_at(database_url) as ready:
        yield ready


async def valid(database: Database, at: datetime) -> list[queries.Json]:
    async with database.reading() as session:
        return await queries.alerts(session, at=at)


async def test_an_alert_is_shown_with_all_that_it_says(database: Database) -> None:
    event = an_alert()

    await take_alert(event, database=database)

    (shown,) = await valid(database, NOON)
    assert shown == event.data.model_dump(mode="json") | {
        "valid_from": NOON.isoformat(),
        "valid_until": after(180).isoformat(),
    }


async def test_an_alert_delivered_twice_or_under_two_ids_is_shown_once(database: Database) -> None:
    alert_id = uuid4()
    event = an_alert(alert_id=alert_id)

    for each in (event, event, an_alert(alert_id=alert_id, headline="Etwas anderes")):
        await take_alert(each, database=database)

    assert [each["headline_de"] for each in await valid(database, NOON)] == ["Wasser abgestellt"]


async def test_only_what_is_valid_is_shown_the_newest_first(database: Database) -> None:
    for start, headline in ((0, "alt"), (60, "neu"), (600, "morgen")):
        await take_alert(an_alert(valid_from=after(start), headline=headline), database=database)

    shown = {
        minutes: [each["headline_de"] for each in await valid(database, after(minutes))]
        for minutes in (-1, 0, 60, 180, 240)
    }

    assert shown == {-1: [], 0: ["alt"], 60: ["neu", "alt"], 180: ["neu"], 240: []}


async def test_the_projection_can_be_dropped(database: Database) -> None:
    await take_alert(an_alert(), database=database)

    async with database.transaction() as session:
        await alerts.drop(session)

    assert await valid(database, NOON + timedelta(minutes=1)) == []
