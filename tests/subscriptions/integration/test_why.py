"""Why did I get this, why did I not: told to whoever holds the link of the person, and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.subscriptions.domain import link_token
from services.subscriptions.storage.tables import ConsentRow, SubscriptionRow
from tests.subscriptions.alert_town import KEY, AlertTown, portal_of
from tests.subscriptions.said import NOON, after, subscriptions_at


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[AlertTown]:
    async with subscriptions_at(database_url) as database:
        yield AlertTown(database, second_person_above=100)


@pytest.fixture
async def portal(town: AlertTown, tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async with portal_of(town, tmp_path) as client:
        yield client


def token_of(person: int, version: int = 1) -> str:
    return link_token.sign(KEY, "preferences", f"{person}:{version}")


async def asked(portal: httpx.AsyncClient, token: str, incident: UUID) -> httpx.Response:
    return await portal.get(f"/preferences/{token}/why", params={"incident": str(incident)})


async def why(portal: httpx.AsyncClient, person: int, incident: UUID) -> dict[str, Any]:
    answer = await asked(portal, token_of(person), incident)
    assert answer.status_code == 200
    return answer.json()


async def test_who_was_told_sees_the_topic_and_the_deliveries(town: AlertTown, portal: httpx.AsyncClient) -> None:
    person = await town.person("place.grieben", "pool.freibad")
    made = await town.announced()
    await town.delivered(made.announcement_id, person, handed_at=after(1))

    answer = await why(portal, person, made.incident_id)

    assert (answer["told"], answer["reason_key"]) == (True, None)
    assert answer["matched"] == [
        {
            "topic": "place.grieben",
            "since": (NOON - timedelta(days=1)).isoformat(),
            "name": {"de": "Alles in Grieben", "en": "Everything in Grieben", "plain": "Alles in Grieben"},
        }
    ]
    assert answer["deliveries"] == [
        {"number": 1, "kind": "alert", "channel": "email", "state": "sent", "at": after(1).isoformat()}
    ]


async def test_a_topic_given_up_since_still_explains_the_message(town: AlertTown, portal: httpx.AsyncClient) -> None:
    person = await town.person()
    made = await town.announced()
    await town.delivered(made.announcement_id, person)

    (matched,) = (await why(portal, person, made.incident_id))["matched"]

    assert (matched["topic"], matched["since"]) == ("place.grieben", None)


async def test_who_has_none_of_the_topics_was_not_told(town: AlertTown, portal: httpx.AsyncClient) -> None:
    person = await town.person("place.bittkau")
    made = await town.announced()

    answer = await why(portal, person, made.incident_id)

    assert (answer["told"], answer["reason_key"], answer["matched"]) == (False, "not_subscribed", [])


async def test_who_gave_the_topic_up_was_not_told(town: AlertTown, portal: httpx.AsyncClient) -> None:
    person = await town.person()
    async with town.database.transaction() as session:
        session.add(
            ConsentRow(
                subscriber_id=person,
                at=NOON,
                action="withdrawn",
                way="one_click",
                text_version="1",
                topics=["place.grieben"],
            )
        )
    made = await town.announced()

    assert (await why(portal, person, made.incident_id))["reason_key"] == "unsubscribed"


async def test_who_came_later_was_not_told(town: AlertTown, portal: httpx.AsyncClient) -> None:
    person = await town.person()
    made = await town.announced()
    async with town.database.transaction() as session:
        session.add(SubscriptionRow(topic="place.grieben", subscriber_id=person, since=after(1)))

    assert (await why(portal, person, made.incident_id))["reason_key"] == "subscribed_later"


@pytest.mark.parametrize(
    ("state", "reason"), [("unreachable", "unreachable"), ("failed", "unreachable"), ("expired", "expired")]
)
async def test_what_never_left_names_its_reason(
    town: AlertTown, portal: httpx.AsyncClient, state: str, reason: str
) -> None:
    person = await town.person("place.grieben")
    made = await town.announced()
    await town.delivered(made.announcement_id, person, state=state, handed_at=None)

    answer = await why(portal, person, made.incident_id)

    assert (answer["told"], answer["reason_key"]) == (False, reason)


async def test_what_waits_for_a_second_person_has_not_been_told(town: AlertTown, portal: httpx.AsyncClient) -> None:
    town.second_person_above = 0
    person = await town.person("place.grieben")
    held = await town.announced()

    assert (await why(portal, person, held.incident_id))["reason_key"] == "held"


async def test_other_links_and_other_incidents_open_nothing(town: AlertTown, portal: httpx.AsyncClient) -> None:
    person = await town.person("place.grieben")
    made = await town.announced()
    tokens = [
        token_of(person, version=2),
        token_of(person + 1),
        link_token.sign(KEY, "unsubscribe", f"{person}:1"),
        link_token.sign(b"another key", "preferences", f"{person}:1"),
        "x",
    ]

    answers = [await asked(portal, token, made.incident_id) for token in tokens]
    unknown = await asked(portal, token_of(person), uuid4())
    nonsense = await portal.get(f"/preferences/{token_of(person)}/why?incident=x")

    assert [answer.status_code for answer in (*answers, unknown, nonsense)] == [404] * 6 + [422]


async def test_a_matter_of_staff_is_no_matter_of_others(town: AlertTown, portal: httpx.AsyncClient) -> None:
    town.second_person_above = 0
    person = await town.person("place.grieben")
    await town.announced()
    (matter,) = await town.staff_matters()

    assert (await asked(portal, token_of(person), matter.incident_id)).status_code == 404
