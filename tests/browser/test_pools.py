"""The page of a pool in each of its states."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine
from tests.browser.pools import EVENING, WINTER
from tests.browser.town import POOL, Town
from tests.browser.visitor import Browsers, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("pool", "said"), [(POOL, "Geöffnet"), (EVENING, "Gerade nicht geöffnet"), (WINTER, "Saisonpause")]
)
async def test_a_pool_says_whether_one_can_go_in(town: Town, visitor: Visitor, pool: str, said: str) -> None:
    await town.ask("POST", f"/pools/{pool}/water", {"celsius": "21.5", "by": "kasse"})

    await visitor.goto(f"/bad/{pool}")

    await expect(visitor.page.locator("#stand")).to_contain_text(said)
    await expect(visitor.page.locator("#stand")).to_contain_text("21,5 °C")
    await is_fine(visitor.page, f"pool-{pool}")


@pytest.mark.parametrize("prefix", ["", "/en", "/einfach"])
async def test_a_closed_pool_says_why_and_until_when(town: Town, visitor: Visitor, prefix: str) -> None:
    await town.close_pool(POOL, reason="water_quality", hours=3)

    await visitor.goto(f"{prefix}/bad/{POOL}")

    await expect(visitor.page.locator("#stand .state--danger")).to_be_visible()
    await is_fine(visitor.page, f"pool-closed{prefix.replace('/', '-')}")


async def test_one_field_on_the_page_is_enough_to_get_messages(town: Town, visitor: Visitor) -> None:
    await visitor.goto(f"/bad/{POOL}")

    await visitor.page.fill("#email", "ein-feld@example.org")
    await visitor.page.get_by_role("button", name="Bescheid bekommen").click()

    await expect(visitor.page.locator("#ergebnis h1")).to_be_focused()
    assert visitor.path == f"/bad/{POOL}"
    await is_fine(visitor.page, "pool-signed-up")
    await town.post.link("ein-feld@example.org", "bestaetigen")


async def test_a_wrong_address_is_told_on_the_page_itself(visitor: Visitor) -> None:
    visitor.expect(422)
    await visitor.goto(f"/bad/{POOL}")

    await visitor.page.fill("#email", "niemand@beispiel")
    await visitor.page.get_by_role("button", name="Bescheid bekommen").click()

    await expect(visitor.page.locator("#email")).to_have_attribute("aria-invalid", "true")
    await expect(visitor.page.locator("#email")).to_have_value("niemand@beispiel")
    await is_fine(visitor.page, "pool-wrong-address")


async def test_all_pools_and_paper(visitor: Visitor) -> None:
    await visitor.goto("/bad")
    await is_fine(visitor.page, "pools")

    await visitor.goto(f"/bad/{POOL}")
    await visitor.page.emulate_media(media="print")

    await expect(visitor.page.locator("#stand")).to_be_visible()
    await expect(visitor.page.locator("#email")).to_be_hidden()


async def test_an_open_page_hears_of_a_tap_without_reload(town: Town, browsers: Browsers) -> None:
    start, pool = await browsers.open(), await browsers.open()
    await start.goto("/en")
    await pool.goto(f"/bad/{POOL}")
    await expect(pool.page.locator("#banner .kern-alert--danger")).to_have_count(0)

    await town.close_pool(POOL)

    await expect(start.page.locator("#banner")).to_contain_text("Freibad Tangerhütte is closed", timeout=3000)
    await expect(pool.page.locator("#banner")).to_contain_text("ist geschlossen", timeout=3000)
    await expect(pool.page.locator("#stand")).to_contain_text("Geschlossen", timeout=3000)
    await is_fine(pool.page, "pool-heard")
    await town.open_pool(POOL)
    await expect(pool.page.locator("#banner .kern-alert")).to_have_count(0, timeout=3000)
    await expect(pool.page.locator("#stand")).to_contain_text("Geöffnet", timeout=3000)


async def test_what_is_being_typed_survives_a_tap(town: Town, visitor: Visitor) -> None:
    await visitor.goto(f"/bad/{POOL}")
    await visitor.page.fill("#email", "kim@")

    await town.close_pool(POOL)

    await expect(visitor.page.locator("#stand")).to_contain_text("Geschlossen", timeout=3000)
    await expect(visitor.page.locator("#email")).to_be_focused()
    await expect(visitor.page.locator("#email")).to_have_value("kim@")
