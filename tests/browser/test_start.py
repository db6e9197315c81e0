"""The first page in all its states."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine
from tests.browser.pools import WATCHED
from tests.browser.town import POOL, Town
from tests.browser.visitor import Browsers, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_everything_open(visitor: Visitor) -> None:
    await visitor.goto("/")

    await expect(visitor.page.locator("#banner .kern-alert--danger")).to_have_count(0)
    await is_fine(visitor.page, "start-open")


async def test_a_closed_pool_stands_above_everything(town: Town, visitor: Visitor) -> None:
    await town.close_pool(hours=2)

    await visitor.goto("/")

    await expect(visitor.page.locator("#banner")).to_contain_text("Freibad Tangerhütte ist geschlossen")
    await expect(visitor.page.locator("#stand")).to_contain_text("Waldbad am Abend")
    await is_fine(visitor.page, "start-closed")


async def test_two_closed_pools_and_an_alert_stand_together(town: Town, visitor: Visitor) -> None:
    await town.close_pool(POOL)
    await town.close_pool(WATCHED, reason="water_quality")
    incident = await town.announce("Vollsperrung der Bismarckstraße zwischen Neustädter Ring und Bahnhof")

    await visitor.goto("/en")

    await expect(visitor.page.locator("#banner .kern-alert")).to_have_count(3)
    await is_fine(visitor.page, "start-alerts")
    await town.end(incident)


async def test_many_notices_leave_the_page_to_what_people_came_for(town: Town, visitor: Visitor) -> None:
    incidents = [await town.announce(f"Müllabfuhr {number} wird verschoben") for number in range(6)]

    await visitor.goto(f"/bad/{POOL}")

    banner = visitor.page.locator("#banner")
    await expect(banner.locator(".kern-alert")).to_have_count(1)
    await expect(banner).to_contain_text("6 aktuelle Meldungen")
    await expect(banner.get_by_role("link")).to_have_count(6)
    await expect(banner.get_by_role("link").last).to_have_text("Alle Meldungen")
    await is_fine(visitor.page, "pool-many-notices")
    for incident in incidents:
        await town.end(incident)


async def test_without_the_services_behind_it_the_first_page_stands(browsers: Browsers, town: Town) -> None:
    visitor = await browsers.open(url=town.lonely_url)
    visitor.expect(503)

    await visitor.goto("/einfach")

    await expect(visitor.page.locator("h1")).to_be_visible()
    await is_fine(visitor.page, "start-away")


async def test_other_pages_say_that_something_is_away(browsers: Browsers, town: Town) -> None:
    visitor = await browsers.open(url=town.lonely_url)

    await visitor.goto(f"/bad/{POOL}", status=503)

    await expect(visitor.page.locator("h1")).to_have_text("Das geht im Moment nicht")
    await is_fine(visitor.page, "away")
