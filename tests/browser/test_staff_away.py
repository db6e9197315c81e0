"""The attendant's page while the town hall does not answer: the buttons stay."""

from __future__ import annotations

import pytest
from playwright.async_api import Route, expect

from tests.browser.looking import is_fine
from tests.browser.town import POOL, Town
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
TWO_TURNS = 25_000
POLL = "**/dienst/bad/*?marke=*"


async def test_an_error_of_a_proxy_takes_no_button_away_and_is_told(town: Town, visitor: Visitor) -> None:
    await visitor.sign_in(await town.device("kasse", "attendant", pools=(POOL,)))
    told = visitor.page.locator("[data-stale]")
    visitor.expect(502)

    async def broken(route: Route) -> None:
        await route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")

    await visitor.page.route(POLL, broken)
    await expect(told).to_be_visible(timeout=TWO_TURNS)
    await expect(visitor.page.locator("#grund-thunderstorm")).to_be_visible()
    await is_fine(visitor.page, "staff-pool-stale")
    await visitor.page.unroute(POLL)

    await expect(told).to_be_hidden(timeout=TWO_TURNS)
