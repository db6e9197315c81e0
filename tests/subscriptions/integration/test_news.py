"""What the public reads: only what was released, by topic, the newest first, and nothing about people."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.subscriptions.commands.end_alert import end_alert
from services.subscriptions.commands.release_announcement import reject_announcement, release_announcement
from services.subscriptions.domain.announcing import Announcement, Incident, Texts, Urgency, Wording
from services.subscriptions.storage import incidents
from tests.subscriptions.alert_town import AlertTown, portal_of
from tests.subscriptions.said import NOON, after, subscriptions_at


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[AlertTown]:
    async with subscriptions_at(database_url) as database:
        yield AlertTown(database)


@pytest.fixture
async def portal(town: AlertTown, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with portal_of(town, tmp_path) as client:
        yield client


async def news(portal: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await portal.get("/news", params=query)
    assert answer.status_code == 200
    return answer.json()


async def a_pool_is_closed(town: AlertTown, *, public: bool = True) -> str:
    incident = Incident(uuid4(), "pool:freibad", ("pool.freibad",), {"pool": "freibad"}, town.at, public)
    words: Texts = {"de": Wording("Freibad geschlossen", "Wegen Gewitter.")}
    announcement = Announcement("alert", Urgency.URGENT, words, "badkasse", after(300))
    async with town.database.transaction() as session:
        await incidents.open_new(session, incident)
        await incidents.announce(session, incident.incident_id, announcement, at=town.at)
    return str(incident.incident_id)


async def test_an_incident_is_shown_with_its_history_and_without_names(
    town: AlertTown, portal: httpx.AsyncClient
) -> None:
    made = await town.announced()
    town.at = after(20)
    await end_alert(made.incident_id, uuid4(), mistaken=False, by="rathaus-1", desk=town.desk())

    (shown,) = await news(portal)
    one = (await portal.get(f"/news/{made.incident_id}")).json()

    assert shown == one
    assert shown["facts"] == {
        "category": "other",
        "areas": ["grieben"],
        "valid_from": NOON.isoformat(),
        "valid_until": after(180).isoformat(),
    }
    assert (shown["began_at"], shown["ended_at"], shown["ended"]) == (NOON.isoformat(), after(20).isoformat(), True)
    assert [(each["number"], each["kind"]) for each in shown["announcements"]] == [(1, "alert"), (2, "all_clear")]
    assert "rathaus" not in str(shown)


async def test_an_alert_whose_time_has_passed_is_over(town: AlertTown, portal: httpx.AsyncClient) -> None:
    await town.announced()
    before = await news(portal)

    town.at = after(180)
    behind = await news(portal)

    assert [each["ended"] for each in (*before, *behind)] == [False, True]


async def test_nobody_sees_what_was_not_released(town: AlertTown, portal: httpx.AsyncClient) -> None:
    await town.people(3, "place.grieben")
    held, rejected, released = [await town.announced() for _ in range(3)]
    await reject_announcement(rejected.announcement_id, by="rathaus-2", why="nein", desk=town.desk())
    town.at = after(7)
    await release_announcement(released.announcement_id, by="rathaus-2", desk=town.desk())

    shown = await news(portal)
    alone = [await portal.get(f"/news/{each.incident_id}") for each in (held, rejected, released)]

    assert [each["incident"] for each in shown] == [str(released.incident_id)]
    assert shown[0]["announcements"][0]["made_at"] == after(7).isoformat()
    assert [answer.status_code for answer in alone] == [404, 404, 200]


async def test_what_only_staff_hears_is_no_news(town: AlertTown, portal: httpx.AsyncClient) -> None:
    incident = await a_pool_is_closed(town, public=False)

    assert await news(portal) == []
    assert (await portal.get(f"/news/{incident}")).status_code == 404


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("pool.freibad", ["pool"]),
        ("matter.road_closed", ["road"]),
        ("matter.road_closed.bittkau", ["road"]),
        ("place.bittkau", ["road"]),
        ("place.grieben", ["other"]),
        ("matter.other.bittkau", []),
        ("place.griebe", []),
        ("pool.frei", []),
    ],
)
async def test_news_of_one_topic(town: AlertTown, portal: httpx.AsyncClient, topic: str, found: list[str]) -> None:
    names = {
        await a_pool_is_closed(town): "pool",
        str((await town.announced(category="road_closed", areas=("bittkau",))).incident_id): "road",
        str((await town.announced()).incident_id): "other",
    }

    shown = await news(portal, topic=topic)

    assert [names[each["incident"]] for each in shown] == found


async def test_the_newest_come_first_and_no_more_than_asked_for(town: AlertTown, portal: httpx.AsyncClient) -> None:
    made: list[str] = []
    for minute in range(3):
        town.at = after(minute)
        made.append(str((await town.announced()).incident_id))

    assert [each["incident"] for each in await news(portal, limit="2")] == [made[2], made[1]]


async def test_what_is_still_in_force_is_asked_for_beside_the_newest(
    town: AlertTown, portal: httpx.AsyncClient
) -> None:
    long_ago = await a_pool_is_closed(town)
    road, over = [await town.announced(valid_until=after(minutes)) for minutes in (90_000, 60)]
    town.at = after(61)
    newest = [(await town.announced()).incident_id for _ in range(2)]

    shown = await news(portal, limit="2", in_force="true")

    assert {each["incident"] for each in shown[:2]} == {str(each) for each in newest}
    assert {each["incident"] for each in shown[2:]} == {long_ago, str(road.incident_id)}
    assert str(over.incident_id) not in str(shown)


@pytest.mark.parametrize(
    ("query", "status"),
    [("limit=0", 422), ("limit=101", 422), ("limit=x", 422), ("topic=%25", 404), ('topic="', 404), ("topik=x", 422)],
)
async def test_a_strange_question_is_answered_in_words(portal: httpx.AsyncClient, query: str, status: int) -> None:
    assert (await portal.get(f"/news?{query}")).status_code == status
