"""Other ways through the main pages: keyboard only, no script, large letters, half the window."""

from __future__ import annotations

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.looking import does_not_scroll_sideways, has_controls_apart, stays_usable_with_large_letters, walk
from tests.browser.pools import EVENING
from tests.browser.town import POOL, Town
from tests.browser.visitor import DESKTOP, PHONE, Browsers, Visitor
from tests.support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
TOPIC = f"pool.{POOL}"
MAIN = ("/", f"/bad/{POOL}", f"/einfach/bad/{EVENING}", "/abo", "/meldungen", "/en/abo/link", "/barrierefreiheit")


async def test_the_first_stop_leads_past_the_menu(visitor: Visitor) -> None:
    await visitor.goto("/")

    await walk(visitor.page, ".skip", most=1)
    await expect(visitor.page.locator(".skip")).to_be_in_viewport()
    await visitor.page.keyboard.press("Enter")
    await walk(visitor.page, "main a", most=1)

    await expect(visitor.page.locator("#inhalt")).to_be_visible()


async def test_who_has_no_mouse_signs_up_and_confirms(town: Town, visitor: Visitor) -> None:
    keys = visitor.page.keyboard
    await visitor.goto("/abo")

    await walk(visitor.page, f"[id='thema-{TOPIC}']")
    await keys.press("Space")
    await walk(visitor.page, "#email")
    await keys.type("tasten@example.org")
    await walk(visitor.page, "main form button")
    await keys.press("Enter")
    await expect(visitor.page.locator("#ergebnis h1[autofocus]")).to_be_focused()
    await visitor.goto(await town.post.link("tasten@example.org", "bestaetigen"))
    await walk(visitor.page, "#language-de")
    await keys.press("ArrowDown")
    await walk(visitor.page, "main form button")
    await keys.press("Enter")

    await expect(visitor.page.locator(".kern-alert--success")).to_contain_text("Gespeichert")
    await expect(visitor.page.locator("#language-plain")).to_be_checked()


async def test_the_last_stop_is_reached_on_every_main_page(visitor: Visitor) -> None:
    for path in MAIN:
        await visitor.goto(path)

        await walk(visitor.page, "footer li:last-child a", most=90)


async def test_without_script_everything_works(town: Town, browsers: Browsers) -> None:
    plain = await browsers.open(java_script_enabled=False)
    await plain.goto(f"/bad/{POOL}")
    await plain.page.fill("#email", "ohne@example.org")
    await plain.press("Bescheid bekommen")
    await plain.confirm("ohne@example.org")
    await expect(plain.page.locator(".kern-alert--success")).to_contain_text("Sie sind angemeldet")

    await town.close_pool(POOL)
    await eventually(lambda: says(plain, "/", "Freibad Tangerhütte ist geschlossen"), seconds=3)
    await plain.goto(await town.post.link("ohne@example.org", "abmelden"))
    await plain.press("Abbestellen")

    await expect(plain.page.locator("h1")).to_have_text("Sie sind abgemeldet")


async def says(visitor: Visitor, path: str, words: str) -> bool:
    """Load the page anew, as a person without script does."""
    await visitor.goto(path)
    return words in await visitor.page.locator("#banner").inner_text()


async def test_without_script_only_what_works_is_offered(browsers: Browsers) -> None:
    plain = await browsers.open(java_script_enabled=False)

    await plain.goto("/abo")

    await expect(plain.page.locator("#push")).to_be_hidden()
    await expect(plain.page.locator("input[name=topics]").first).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_letters_twice_as_large_break_nothing(town: Town, browsers: Browsers, size: ViewportSize) -> None:
    visitor = await browsers.open(viewport=size)
    await town.close_pool(POOL, hours=2)

    for path in MAIN:
        await visitor.goto(path)
        await stays_usable_with_large_letters(visitor.page)


async def test_a_page_at_200_percent_is_whole(browsers: Browsers) -> None:
    half = ViewportSize(width=DESKTOP["width"] // 2, height=DESKTOP["height"] // 2)
    visitor = await browsers.open(viewport=half, device_scale_factor=2)

    for path in MAIN:
        await visitor.goto(path)
        await does_not_scroll_sideways(visitor.page)
        await has_controls_apart(visitor.page)
