"""What the portal and the desk ask over HTTP: the whole way of one person, and answers in words."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.health import Health
from chassis.http import Endpointed, make_app
from chassis.settings import ServiceSettings
from services.subscriptions.api import imports, links, subscribers
from services.subscriptions.domain import consent
from tests.subscriptions.bounces import report
from tests.subscriptions.people import EVA, GRIEBEN, POOL_TOPIC, ROADS, Town, a_browser, token_in, town_at

CHOICE = {"topics": [POOL_TOPIC, ROADS], "language": "de", "text_version": consent.CURRENT}


@dataclass
class Door:
    """The HTTP side of the service."""

    town: Town
    client: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: Any = None, *, caller: str = "portal") -> httpx.Response:
        headers = {"authorization": f"Bearer of-{caller}"}
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return await self.client.request(method, path, headers=headers, **content)  # pyright: ignore[reportArgumentType]

    async def json(self, method: str, path: str, body: Any = None) -> Any:
        response = await self.ask(method, path, body)
        assert response.is_success, response.text
        return response.json()


def routes_of(town: Town) -> list[Endpointed]:
    registry = town.registry
    return [*subscribers.routes(registry, push_key="BPublic"), *links.routes(registry), *imports.routes(registry)]


@pytest.fixture
async def door(tmp_path: Path) -> AsyncGenerator[Door]:
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    for caller in ("portal", "rathaus"):
        (tokens / f"from-{caller}").write_text(f"of-{caller}\n")
    health = Health()
    health.started = True
    async with town_at(f"sqlite+aiosqlite:///{tmp_path}/subscriptions.sqlite") as town:
        app = make_app(ServiceSettings(tokens_dir=tokens), health, routes_of(town))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://subscriptions") as client:
            yield Door(town, client)


async def test_one_person_signs_up_changes_their_mind_unsubscribes_and_leaves(door: Door) -> None:
    signed = await door.ask("POST", "/signups", {"email": EVA, **CHOICE})
    confirmation = token_in((await door.town.mails())[0])
    seen = await door.json("GET", f"/signups/{confirmation}")
    preferences = (await door.json("POST", f"/signups/{confirmation}/confirmation"))["preferences"]
    choice = {**CHOICE, "topics": [ROADS, GRIEBEN], "channel": "email"}
    changed = await door.json("PUT", f"/preferences/{preferences}", choice)
    click, _ = await door.town.told(ROADS)
    before = await door.json("GET", f"/unsubscribes/{click}")
    done = await door.json("POST", f"/unsubscribes/{click}")
    given_back = await door.json("POST", f"/unsubscribes/{click}/undo", {})
    left = await door.ask("DELETE", f"/preferences/{preferences}")
    gone = await door.ask("GET", f"/preferences/{preferences}")

    assert (signed.status_code, signed.json()) == (202, {})
    assert seen == {
        "email_masked": "E…@example.com",
        "topics": [POOL_TOPIC, ROADS],
        "language": "de",
        "state": "open",
    }
    assert changed == await door_view(changed, topics=[ROADS, GRIEBEN])
    assert before == {"topics": [ROADS], "language": "de", "done": False}
    assert (done, given_back) == ({"removed": [ROADS], "preferences": preferences}, {"topics": [ROADS]})
    assert (left.status_code, gone.status_code) == (204, 410)
    assert gone.headers["content-type"] == "application/problem+json"


async def door_view(shown: dict[str, Any], *, topics: list[str]) -> dict[str, Any]:
    """The preferences as they should look; instants and the log as they are."""
    return {
        "email_masked": "E…@example.com",
        "email_state": "active",
        "push_state": "none",
        "channel": "email",
        "language": "de",
        "topics": topics,
        "since": shown["since"],
        "consents": shown["consents"],
        "received": [],
    }


async def test_a_browser_subscribes_and_joins(door: Door) -> None:
    push = a_browser()
    keys = {"endpoint": push.endpoint, "p256dh": push.p256dh + "=", "auth": push.auth + "=="}

    first = await door.ask("POST", "/push-subscriptions", {**keys, **CHOICE, "staff": False})
    again = await door.ask("POST", "/push-subscriptions", {**keys, **CHOICE})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert await door.json("GET", "/push-key") == {"key": "BPublic"}


async def test_the_topics_and_the_text_are_what_the_portal_shows(door: Door) -> None:
    topics = await door.json("GET", "/topics")
    text = await door.json("GET", "/consent-text")

    assert topics[0] == {
        "topic": POOL_TOPIC,
        "group": "pool",
        "name": {"de": "Freibad Tangerhütte", "en": "Freibad Tangerhütte", "plain": "Freibad Tangerhütte"},
        "place": None,
    }
    assert {each["place"] for each in topics if each["topic"] == "place.bittkau"} == {"Bittkau"}
    assert {each["group"] for each in topics} == {"pool", "matter", "place"}
    assert len(topics) == len({each["topic"] for each in topics}) == 25
    assert (text["version"], {*text["texts"]}) == (consent.CURRENT, {"de", "en", "plain"})


async def test_nobody_learns_from_an_answer_who_is_subscribed(door: Door) -> None:
    await door.town.subscribed(POOL_TOPIC, ROADS)
    bodies = [{"email": EVA, **CHOICE}, {"email": "stranger@example.com", **CHOICE}]

    signed = [await door.ask("POST", "/signups", body) for body in bodies * 4]
    linked = [await door.ask("POST", "/preferences/links", {"email": body["email"]}) for body in bodies * 4]

    assert {(each.status_code, each.text, each.headers["cache-control"]) for each in signed + linked} == {
        (202, "{}", "no-store")
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "keine"}, "E-Mail-Adresse"),
        ({"topics": []}, "topics"),
        ({"topics": ["pool.nirgends"]}, "pool.nirgends"),
        ({"language": "fr"}, "language"),
        ({"text_version": "1999"}, "Einwilligungstext"),
        ({"unbekannt": 1}, "unbekannt"),
    ],
)
async def test_what_cannot_be_meant_is_refused_in_words(door: Door, change: dict[str, Any], field: str) -> None:
    answer = await door.ask("POST", "/signups", {"email": EVA, **CHOICE, **change})

    assert answer.status_code == 422
    assert field in f"{answer.json()['title']} {answer.json()['detail']}"
    assert "muster" not in answer.text.lower()
    assert await door.town.mails() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"x" * 70_000])
async def test_a_body_that_is_none_is_refused(door: Door, body: bytes) -> None:
    answer = await door.ask("POST", "/signups", body)

    assert answer.status_code in (413, 422)


@pytest.mark.parametrize(
    "path", ["/signups/x", "/preferences/x.y", "/unsubscribes/%00", "/unsubscribes/%F0%9F%98%80.x"]
)
async def test_a_link_that_is_not_ours_is_answered_in_words(door: Door, path: str) -> None:
    answer = await door.ask("GET", path)

    assert (answer.status_code in (404, 410), answer.json()["title"].endswith(".")) == (True, True)


async def test_the_desk_imports_and_hands_bounces_in_and_the_portal_does_not(door: Door) -> None:
    content = f"email,topics,consented_at,proof,language\n{EVA},{ROADS},2024-05-01,Karte,de\nx,y,z,,\n".encode()

    strangers = [await door.ask("POST", path, content) for path in ("/imports", "/bounces")]
    imported = await door.ask("POST", "/imports", content, caller="rathaus")
    unreadable = await door.ask("POST", "/imports", b"\xff\xfe", caller="rathaus")
    bounced = await door.ask("POST", "/bounces", report(None), caller="rathaus")

    assert {each.status_code for each in strangers} == {401}
    assert imported.json() == {
        "rows": 2,
        "added": 1,
        "merged": 0,
        "unchanged": 0,
        "refused": [{"line": 3, "reason": "Der Nachweis der Einwilligung fehlt."}],
        "partly": [],
    }
    assert (unreadable.status_code, unreadable.json()["detail"]) == (422, "Die Datei ist nicht in UTF-8 geschrieben.")
    assert bounced.json() == {"stopped": False, "reason": "Der Bericht gehört zu keiner unserer Nachrichten."}


async def test_no_address_gets_into_the_log(door: Door, capfd: pytest.CaptureFixture[str]) -> None:
    await door.ask("POST", "/signups", {"email": EVA, **CHOICE})
    await door.ask("POST", "/signups", {"email": "eva muster", **CHOICE})
    token = token_in((await door.town.mails())[0])
    preferences = (await door.json("POST", f"/signups/{token}/confirmation"))["preferences"]
    await door.ask("DELETE", f"/preferences/{preferences}")

    said = "".join(capfd.readouterr())

    assert "muster" not in said.lower()


async def test_somebody_who_runs_a_pool_is_signed_up_by_the_portal(door: Door) -> None:
    body = {"email": EVA, "pool": "freibad-tangerhuette", "by": "bad-1"}

    signed = await door.ask("POST", "/staff-subscriptions", body)
    nowhere = await door.ask("POST", "/staff-subscriptions", {**body, "pool": "hallenbad"})

    assert (signed.status_code, nowhere.status_code) == (202, 404)
    assert len(await door.town.mails()) == 1
