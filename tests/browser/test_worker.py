"""The service worker: a page without a connection, and messages of the town. And what the first page weighs."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest
from playwright.async_api import Response, expect

from tests.browser.looking import is_fine
from tests.browser.town import POOL
from tests.browser.visitor import Browsers, Visitor
from tests.support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
_CONTROLLED = """() => new Promise((done) => navigator.serviceWorker.controller ? done()
  : navigator.serviceWorker.addEventListener("controllerchange", () => done()))"""
_SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map((each) => ({ title: each.title, body: each.body, tag: each.tag, lang: each.lang, url: each.data.url }))"""
MOST_OCTETS = 100_000


async def with_worker(visitor: Visitor, path: str) -> None:
    await visitor.goto(path)
    await visitor.page.evaluate(_CONTROLLED)


@pytest.mark.parametrize(
    ("prefix", "said"), [("", "Keine Verbindung"), ("/en", "No connection"), ("/einfach", "Kein Internet")]
)
async def test_without_a_connection_a_page_says_so(visitor: Visitor, prefix: str, said: str) -> None:
    visitor.expect("net::ERR_INTERNET_DISCONNECTED")
    await with_worker(visitor, prefix or "/")

    await visitor.context.set_offline(True)
    await visitor.goto(f"{prefix}/bad/{POOL}")

    await expect(visitor.page.locator("h1")).to_have_text(said)
    await is_fine(visitor.page, f"offline{prefix.replace('/', '-')}")
    await visitor.context.set_offline(False)
    await visitor.goto(f"{prefix}/bad/{POOL}")
    await expect(visitor.page.locator("#stand")).to_be_visible()


async def test_a_message_of_the_town_is_shown(browsers: Browsers) -> None:
    visitor = await browsers.open(permissions=["notifications"])
    await with_worker(visitor, "/")
    told = {"title": "Freibad geschlossen", "body": "Grund: Gewitter.", "tag": "pool", "lang": "de", "url": "/bad"}

    await push(visitor, json.dumps(told))

    assert await shown(visitor) == [told]


async def test_a_message_that_cannot_be_read_still_says_who_wrote(browsers: Browsers) -> None:
    visitor = await browsers.open(permissions=["notifications"])
    await with_worker(visitor, "/")

    await push(visitor, "kaputt")

    assert [each["title"] for each in await shown(visitor)] == ["Stadt Tangerhütte"]


async def push(visitor: Visitor, data: str) -> None:
    """Deliver as the push service would."""
    session = cast("Any", await visitor.context.new_cdp_session(visitor.page))
    known: asyncio.Queue[str] = asyncio.Queue()

    def hear(event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            known.put_nowait(each["registrationId"])

    session.on("ServiceWorker.workerRegistrationUpdated", hear)
    await session.send("ServiceWorker.enable")
    async with asyncio.timeout(5):
        registration = await known.get()
    order = {"origin": visitor.url, "registrationId": registration, "data": data}
    await session.send("ServiceWorker.deliverPushMessage", order)


async def shown(visitor: Visitor) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    async def any_shown() -> bool:
        found[:] = await visitor.page.evaluate(_SHOWN)
        return bool(found)

    await eventually(any_shown)
    return found


async def test_the_browser_offers_messages_of_its_own_where_it_can(browsers: Browsers) -> None:
    visitor = await browsers.open(permissions=["notifications"])
    await visitor.goto("/abo")

    await visitor.page.get_by_role("button", name="Nachrichten auf diesem Gerät").click()

    await expect(visitor.page.locator("#push [role=status]")).to_have_text(
        "Bitte wählen Sie zuerst mindestens ein Thema."
    )
    await is_fine(visitor.page, "signup-push")


async def test_the_first_page_is_light(browsers: Browsers) -> None:
    visitor = await browsers.open(service_workers="block")
    came: list[Response] = []
    visitor.page.on("response", lambda answer: came.append(answer))  # noqa: PLW0108 - Playwright marks the function

    await visitor.goto("/")
    await visitor.page.wait_for_load_state("load")

    weights = {each.url: await weight(each) for each in came if "/ereignisse" not in each.url}
    assert sum(size for url, size in weights.items() if not url.endswith(".woff2")) < MOST_OCTETS, weights


async def weight(answer: Response) -> int:
    sizes = await answer.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
