"""The HTTP side of alerts: dry run, refusals in words, and who may call."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.subscriptions.alert_town import AlertTown, a_request, portal_of
from tests.subscriptions.said import NOON, after, subscriptions_at


@pytest.fixture
async def town(tmp_path: Path) -> AsyncGenerator[AlertTown]:
    async with subscriptions_at(f"sqlite+aiosqlite:///{tmp_path}/service.sqlite") as database:
        yield AlertTown(database)


@pytest.fixture
async def portal(town: AlertTown, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with portal_of(town, tmp_path) as client:
        yield client


async def posted(portal: httpx.AsyncClient, path: str, **body: Any) -> httpx.Response:
    return await portal.post(path, json=body)


async def test_a_dry_run_says_who_is_reached_and_stores_nothing(town: AlertTown, portal: httpx.AsyncClient) -> None:
    await town.person("place.grieben", "matter.utility_outage", push="active", channel="push", language="en")
    await town.person("matter.utility_outage.grieben", language="plain")
    await town.person("place.grieben", email="bounced")
    await town.person("place.bittkau", "matter.utility_outage.bittkau")

    answer = await posted(portal, "/announcements/dry-run", **a_request())

    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["reaches"], shown["without_channel"], shown["needs_second_person"]) == (3, 1, True)
    assert shown["by_channel"] == {"email": 1, "push": 1}
    assert shown["by_language"] == {"de": 1, "en": 1, "plain": 1}
    assert shown["previews"]["en"]["push"]["title"] == "Kein Wasser"
    assert list(await town.announcements()) == []


async def test_a_large_one_is_held_with_its_reach_and_released_by_another(
    town: AlertTown, portal: httpx.AsyncClient
) -> None:
    await town.people(3, "place.grieben")

    made = await posted(portal, "/announcements", command_id=str(uuid4()), **a_request())
    path = f"/announcements/{made.json()['announcement_id']}"
    own = await posted(portal, f"{path}/release", by="rathaus-1")
    released = await posted(portal, f"{path}/release", by="rathaus-2")

    assert (made.status_code, made.json()["state"], made.json()["reach"]["reaches"]) == (201, "held", 3)
    assert (own.status_code, own.json()["code"]) == (403, "same_person")
    assert "Vier-Augen-Prinzip" in own.json()["detail"]
    assert (released.status_code, released.json()["state"]) == (200, "expanding")
    assert released.json()["released_by"] == "rathaus-2"


async def test_a_rejection_is_shown_with_its_reason(town: AlertTown, portal: httpx.AsyncClient) -> None:
    await town.people(3, "place.grieben")
    made = (await posted(portal, "/announcements", command_id=str(uuid4()), **a_request())).json()

    path = f"/announcements/{made['announcement_id']}"
    rejected = await posted(portal, f"{path}/rejection", by="rathaus-2", why="Falscher Ort")
    late = await posted(portal, f"{path}/release", by="rathaus-2")

    assert rejected.json()["rejection"]["why"] == "Falscher Ort"
    assert (late.status_code, late.json()["title"]) == (409, "Diese Meldung wurde abgelehnt.")


async def test_an_alert_is_updated_and_ended(portal: httpx.AsyncClient) -> None:
    made = (await posted(portal, "/announcements", command_id=str(uuid4()), **a_request())).json()
    path = f"/incidents/{made['incident']}"
    texts = {"de": {"headline": "Doch länger", "body": "Bis 18 Uhr."}}
    news: dict[str, Any] = {"texts": texts, "valid_until": after(360).isoformat(), "by": "rathaus-1"}

    update = await posted(portal, f"{path}/updates", command_id=str(uuid4()), **news)
    end = await posted(portal, f"{path}/end", command_id=str(uuid4()), by="rathaus-1")
    again = await posted(portal, f"{path}/updates", command_id=str(uuid4()), **news)

    assert (update.json()["kind"], update.json()["facts"]["valid_until"]) == ("update", after(360).isoformat())
    assert (end.json()["kind"], end.json()["headline"]) == ("all_clear", "Entwarnung: Doch länger")
    assert (again.status_code, again.json()["code"]) == (409, "ended")


async def test_the_list_has_the_newest_first_and_can_be_limited_to_a_state(
    town: AlertTown, portal: httpx.AsyncClient
) -> None:
    first = await town.announced()
    await town.people(3, "place.grieben")
    held = await town.announced()

    everything = (await portal.get("/announcements")).json()
    waiting = (await portal.get("/announcements", params={"state": "held"})).json()

    assert [each["announcement_id"] for each in everything] == [held.announcement_id, first.announcement_id]
    assert [each["announcement_id"] for each in waiting] == [held.announcement_id]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"category": "party"}, "Art der Meldung"),
        ({"texts": {"en": {"headline": "No water", "body": "…"}}}, "de"),
        ({"texts": {"de": {"headline": "Zwei\nZeilen", "body": "…"}}}, "Überschrift"),
        ({"texts": {"de": {"headline": "Kein\u202eressaW", "body": "…"}}}, "Überschrift"),
        ({"texts": {"de": {"headline": "x", "body": "y" * 1001}}}, "Text"),
        ({"texts": {"de": {"headline": "x", "body": "\x00"}}}, "Text"),
        ({"areas": ["atlantis"]}, "atlantis"),
        ({"valid_until": (NOON - timedelta(hours=1)).isoformat()}, "Ende"),
        ({"valid_from": "2026-07-04T12:00:00"}, "Beginn"),
        ({"valid_from": "0001-01-01T00:00:00+14:00"}, "Zeitpunkt"),
        ({"by": ""}, "Dienstgerät"),
        ({"urgency": "panic"}, "Dringlichkeit"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_what_cannot_be_meant_is_refused_in_words(
    portal: httpx.AsyncClient, wrong: dict[str, Any], named: str
) -> None:
    answer = await posted(portal, "/announcements/dry-run", **a_request(**wrong))

    assert answer.status_code == 422
    assert named in answer.json()["detail"]


async def test_typography_and_lines_of_a_form_are_fine(portal: httpx.AsyncClient) -> None:
    words = {"headline": "Kein Wasser: 5\u00a0m³ „frei“ 🚱", "body": "Erst dies.\r\n\r\nDann das."}

    answer = await posted(portal, "/announcements/dry-run", **a_request(texts={"de": words}))

    shown = answer.json()["previews"]["de"]["email"]
    assert shown["subject"] == "Kein Wasser: 5\u00a0m³ „frei“ 🚱"
    assert "Erst dies.\n\nDann das." in shown["text"].replace("\r", "")


@pytest.mark.parametrize(
    "path", ["/announcements/0", "/announcements/x", "/announcements/²", f"/announcements/{'0' * 5000}"]
)
async def test_a_number_that_does_not_exist_is_not_found(portal: httpx.AsyncClient, path: str) -> None:
    answers = [await portal.get(path), await posted(portal, f"{path}/release", by="rathaus-2")]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_an_incident_that_does_not_exist_is_not_found(portal: httpx.AsyncClient) -> None:
    answer = await posted(portal, f"/incidents/{uuid4()}/end", command_id=str(uuid4()), by="rathaus-1")

    assert answer.status_code == 404


async def test_strangers_are_turned_away(portal: httpx.AsyncClient) -> None:
    answer = await portal.get("/announcements", headers={"authorization": "Bearer guessed"})

    assert answer.status_code == 401
