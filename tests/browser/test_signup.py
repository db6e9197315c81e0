"""Signing up, and the link in the mail."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine
from tests.browser.town import POOL, Town
from tests.browser.visitor import Browsers, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
TOPIC = f"pool.{POOL}"


@pytest.mark.parametrize("prefix", ["", "/en", "/einfach"])
async def test_the_form_shows_everything_one_can_hear_of(visitor: Visitor, prefix: str) -> None:
    await visitor.goto(f"{prefix}/abo?thema={TOPIC}")

    await expect(visitor.page.locator(f"[id='thema-{TOPIC}']")).to_be_checked()
    await is_fine(visitor.page, f"signup{prefix.replace('/', '-')}")


async def test_who_chooses_nothing_is_asked_again(visitor: Visitor) -> None:
    visitor.expect(422)
    await visitor.goto("/abo")
    await visitor.page.fill("#email", "kim@example.org")

    await visitor.press("Anmelden")

    await expect(visitor.page.get_by_role("alert")).to_contain_text("Bitte wählen Sie mindestens ein Thema.")
    await expect(visitor.page.locator("#email")).to_have_value("kim@example.org")
    await is_fine(visitor.page, "signup-no-topic")


async def test_an_address_that_cannot_be_is_told_beside_its_field(visitor: Visitor) -> None:
    visitor.expect(422)
    await visitor.goto(f"/abo?thema={TOPIC}")
    await visitor.page.fill("#email", "kim@beispiel")

    await visitor.press("Anmelden")

    await expect(visitor.page.locator("#email-fehler")).to_be_visible()
    await expect(visitor.page.locator(f"[id='thema-{TOPIC}']")).to_be_checked()
    await is_fine(visitor.page, "signup-wrong-address")


async def test_one_click_confirms_in_the_browser_that_signed_up(visitor: Visitor) -> None:
    await visitor.sign_up("hier@example.org", TOPIC)
    await is_fine(visitor.page, "signup-sent")

    await visitor.confirm("hier@example.org")

    await expect(visitor.page.locator(".kern-alert--success")).to_contain_text("Fertig, Sie sind angemeldet")
    await is_fine(visitor.page, "preferences-new")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_matter_can_be_limited_to_places(browsers: Browsers, *, script: bool) -> None:
    visitor, email = await browsers.open(java_script_enabled=script), f"nur-dort-{script}@example.org".lower()
    await visitor.goto(f"/abo?thema={TOPIC}")
    await visitor.page.check("[id='thema-matter.waste_collection_moved']")
    await visitor.page.get_by_text("Nur in bestimmten Ortschaften", exact=True).click()
    await visitor.page.check("#ort-bittkau")
    if script:
        await is_fine(visitor.page, "signup-places")
    await visitor.page.fill("#email", email)
    await visitor.press("Anmelden")

    await visitor.confirm(email)

    await expect(visitor.page.locator("#ort-bittkau")).to_be_checked()
    await expect(visitor.page.locator("[id='thema-matter.waste_collection_moved']")).to_be_checked()
    await expect(visitor.page.locator("main")).to_contain_text("Freibad Tangerhütte, Verschobene Müllabfuhr (Bittkau)")
    await visitor.page.uncheck("#ort-bittkau")
    await visitor.page.check("#ort-grieben")
    await visitor.press("Speichern")
    await expect(visitor.page.locator("#ort-bittkau")).not_to_be_checked()
    await expect(visitor.page.locator("#ort-grieben")).to_be_checked()


async def test_another_browser_asks_with_one_button(town: Town, browsers: Browsers) -> None:
    laptop, phone = await browsers.open(), await browsers.open()
    await laptop.sign_up("dort@example.org", TOPIC, prefix="/en")
    link = await town.post.link("dort@example.org", "bestaetigen")

    await phone.goto(link)
    await is_fine(phone.page, "confirm")
    async with phone.page.expect_navigation():
        await phone.page.locator("main form button").click()

    assert "/abo/einstellungen/" in phone.path
    await laptop.goto(link)
    await is_fine(laptop.page, "confirm-done")


async def test_a_link_that_has_lapsed_leads_back_to_the_form(town: Town, visitor: Visitor) -> None:
    await visitor.sign_up("spaet@example.org", TOPIC)
    link = await town.post.link("spaet@example.org", "bestaetigen")
    town.let_lapse("spaet@example.org")

    await visitor.goto(link)

    await expect(visitor.page.get_by_role("link", name="Noch einmal anmelden")).to_be_visible()
    await is_fine(visitor.page, "confirm-expired")


async def test_a_link_that_nobody_knows_is_told_in_words(visitor: Visitor) -> None:
    for number, path in enumerate(("/abo/bestaetigen/x.y", "/abo/einstellungen/x.y", "/abo/abmelden/x.y")):
        await visitor.goto(path, status=404)

        await expect(visitor.page.locator("h1")).to_have_text("Dieser Link gilt nicht mehr")
        await is_fine(visitor.page, f"unknown-link-{number}")


async def test_a_lost_link_comes_by_mail(town: Town, visitor: Visitor) -> None:
    await visitor.sign_up("verloren@example.org", TOPIC)
    await visitor.confirm("verloren@example.org")
    await visitor.goto("/abo/link")
    await is_fine(visitor.page, "lost-link")

    await visitor.page.fill("#email", "verloren@example.org")
    await visitor.press("Link zuschicken")

    await is_fine(visitor.page, "lost-link-sent")
    await visitor.goto(await town.post.link("verloren@example.org", "einstellungen"))
    await expect(visitor.page.locator("h1")).to_have_text("Ihre Einstellungen")
