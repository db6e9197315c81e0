"""The attendant's page: a phone in one hand."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import has_controls_apart, is_fine, stays_usable_with_large_letters, walk
from tests.browser.pools import WATCHED
from tests.browser.town import POOL, Town
from tests.browser.visitor import Browsers, Visitor
from tests.support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
SMALLEST_TAP = 64


async def attendant(town: Town, visitor: Visitor, pool: str = POOL) -> Visitor:
    await visitor.sign_in(await town.device("kasse", "attendant", pools=(pool,)))
    return visitor


async def test_one_tap_closes_and_another_takes_it_back(town: Town, visitor: Visitor) -> None:
    await attendant(town, visitor)
    await is_fine(visitor.page, "staff-pool-open")

    await visitor.press("Gewitter", within=visitor.page.locator("#lage"))
    await expect(visitor.page.locator(".sign__word")).to_have_text("GESCHLOSSEN")
    await expect(visitor.page.get_by_role("status").first).to_contain_text("benachrichtigt")
    await is_fine(visitor.page, "staff-pool-closed")
    await visitor.press("2 Stunden")
    await expect(visitor.page.locator(".sign__why")).to_contain_text("voraussichtlich bis")
    await is_fine(visitor.page, "staff-pool-until")
    await visitor.press("War ein Irrtum")

    await expect(visitor.page.locator(".sign__word")).to_have_text("OFFEN")
    await is_fine(visitor.page, "staff-pool-undone")


async def test_the_buttons_are_large_and_at_the_thumb(town: Town, visitor: Visitor) -> None:
    await attendant(town, visitor)

    taps = [await each.bounding_box() for each in await visitor.page.locator(".thumb .tap").all()]

    assert len(taps) == 6
    assert all(box and box["height"] >= SMALLEST_TAP and box["width"] >= SMALLEST_TAP for box in taps), taps
    await has_controls_apart(visitor.page)


async def test_large_letters_leave_every_button_whole(town: Town, visitor: Visitor) -> None:
    await attendant(town, visitor)
    await stays_usable_with_large_letters(visitor.page)

    await visitor.press("Sturm", within=visitor.page.locator("#lage"))

    await stays_usable_with_large_letters(visitor.page)
    await visitor.press("Wieder öffnen")


async def test_keys_alone_close_and_open(town: Town, visitor: Visitor) -> None:
    await attendant(town, visitor)

    await walk(visitor.page, "#grund-technical")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.locator(".sign__word")).to_have_text("GESCHLOSSEN")
    await walk(visitor.page, "#oeffnen")
    await visitor.page.keyboard.press("Space")

    await expect(visitor.page.locator(".sign__word")).to_have_text("OFFEN")


async def test_without_script_a_tap_closes_too(town: Town, browsers: Browsers) -> None:
    plain = await attendant(town, await browsers.open(java_script_enabled=False))

    await plain.press("Personal", within=plain.page.locator("#lage"))
    await expect(plain.page.locator(".sign__word")).to_have_text("GESCHLOSSEN")
    await plain.press("Wieder öffnen")

    await expect(plain.page.locator(".sign__word")).to_have_text("OFFEN")


async def test_who_taps_on_an_old_state_sees_the_new_one(town: Town, browsers: Browsers) -> None:
    await town.close_pool(POOL, reason="thunderstorm")
    late = await attendant(town, await browsers.open(java_script_enabled=False))
    late.expect(409)
    await town.open_pool(POOL)
    await town.close_pool(POOL, reason="water_quality")

    await late.press("Wieder öffnen")

    await expect(late.page.get_by_role("alert")).to_contain_text("Ihr Tippen „Wieder öffnen“ wurde NICHT ausgeführt.")
    await expect(late.page.locator(".sign__why")).to_contain_text("Wasserqualität")


async def test_the_water_is_entered_as_it_is_read(town: Town, visitor: Visitor) -> None:
    visitor.expect(422)
    await attendant(town, visitor)

    await visitor.page.fill("#celsius", "warm")
    await visitor.press("Eintragen")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("zwischen 0 und 45 °C")
    await is_fine(visitor.page, "staff-pool-water-wrong")
    await visitor.page.fill("#celsius", "22,5")
    await visitor.press("Eintragen")

    await expect(visitor.page.locator("main")).to_contain_text("Zuletzt: 22,5 °C")


async def test_the_attendant_decides_what_the_weather_watcher_proposes(town: Town, visitor: Visitor) -> None:
    await town.sky(alerts=[{}])

    async def proposed() -> bool:
        return bool((await town.ask("GET", f"/pools/{WATCHED}/weather"))["proposals"])

    await eventually(proposed)
    await attendant(town, visitor, WATCHED)
    await expect(visitor.page.locator(".proposal")).to_contain_text("STARKEM GEWITTER")
    await is_fine(visitor.page, "staff-pool-proposal")

    await visitor.press("Bad schließen")

    await expect(visitor.page.locator(".sign__word")).to_have_text("GESCHLOSSEN")


async def test_a_page_that_lies_open_tells_of_the_weather_what_holds_now(town: Town, visitor: Visitor) -> None:
    async def clear() -> bool:
        seen = (await town.ask("GET", f"/pools/{WATCHED}/weather"))["watch"]["seen"]
        return seen.get("warnings") == []

    await eventually(clear)  # else this would be the stretch of weather in which an attendant has said no
    await visitor.page.clock.install()
    await attendant(town, visitor, WATCHED)
    tile = visitor.page.locator("#wetter").locator("..")
    await expect(tile).not_to_contain_text("STARKEM GEWITTER")

    await town.sky(alerts=[{}])

    async def renewed() -> bool:
        await visitor.page.clock.fast_forward(10_000)
        return await visitor.page.locator(".proposal").count() > 0

    await eventually(renewed)
    await expect(tile).to_contain_text("Warnung: Amtliche WARNUNG vor STARKEM GEWITTER")


async def test_an_attendant_asks_for_mails(town: Town, visitor: Visitor) -> None:
    await attendant(town, visitor)

    await visitor.page.fill("#email", "anna@example.org")
    await visitor.press("Per E-Mail")

    await expect(visitor.page.get_by_role("status").first).to_contain_text("Bitte bestätigen Sie")
    await is_fine(visitor.page, "staff-pool-mail")
    await town.post.link("anna@example.org", "bestaetigen")
