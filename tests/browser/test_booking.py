"""Booking an appointment: on a phone, without a script, without a mouse, and when things come in between."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.looking import is_fine, stays_usable_with_large_letters, walk
from tests.browser.offices import VILLAGE
from tests.browser.town import Town
from tests.browser.visitor import Browsers, Visitor
from tests.browser.visits import LOST, free, hold, proven

pytestmark = pytest.mark.asyncio(loop_scope="session")
BOOK = "Termin verbindlich buchen"


async def tap(page: Page, number: int = 0) -> None:
    """Take one of the times that are shown."""
    async with page.expect_navigation():
        await page.locator(".times button").nth(number).click()


async def chosen(visitor: Visitor, number: int = 0) -> None:
    """Go to the form of a time in the village."""
    await visitor.goto(f"/termin/zeit?anliegen={LOST}")
    await proven(visitor.page)
    await tap(visitor.page, number)


async def test_five_screens_lead_to_an_appointment(town: Town, visitor: Visitor) -> None:
    page = visitor.page
    await visitor.goto("/")
    await page.get_by_role("link", name="Termin buchen").click()
    await expect(page.locator("h1")).to_have_text("Termin buchen")
    await is_fine(page, "booking-1")
    await page.check("#anliegen-personalausweis")
    await page.select_option("#zahl-personalausweis", "2")
    await page.check("#anliegen-ummeldung")
    await stays_usable_with_large_letters(page)
    await visitor.press("Weiter zu den Zeiten")
    await expect(page.locator("main")).to_contain_text("2 × Personalausweis beantragen, Wohnsitz an- oder ummelden")
    await is_fine(page, "booking-2")
    await proven(page)

    await tap(page)
    await expect(page.locator("[data-countdown]")).to_have_text("(noch 15 Minuten)")
    await is_fine(page, "booking-3")
    await page.fill("#name", "Kim Muster")
    await page.fill("#email", "kim.termin@example.org")
    await visitor.press(BOOK)

    await expect(page.locator("h1")).to_have_text("Ihr Termin ist gebucht")
    number = await page.locator(".number strong").inner_text()
    await is_fine(page, "booking-4")
    own = await town.post.link("kim.termin@example.org", "termin")
    assert own.rpartition("/")[2] in visitor.path
    assert number in str((await town.post.mails("kim.termin@example.org"))[0])


async def test_what_is_missing_is_told_beside_its_field(visitor: Visitor) -> None:
    visitor.expect(422)
    await chosen(visitor)
    await visitor.page.fill("#phone", "keine")

    await visitor.press(BOOK)

    await expect(visitor.page.get_by_role("alert")).to_contain_text("Bitte geben Sie Ihren Namen an.")
    await is_fine(visitor.page, "booking-3-missing")
    await visitor.page.fill("#name", "Kim")
    await visitor.press(BOOK)
    await expect(visitor.page.locator("#phone-fehler")).to_be_visible()


async def test_without_a_script_the_link_in_the_mail_confirms(town: Town, browsers: Browsers) -> None:
    plain, other = await browsers.open(java_script_enabled=False), await browsers.open()
    await plain.goto(f"/termin/zeit?anliegen={LOST}")
    await tap(plain.page)
    await plain.page.fill("#name", "Kim Muster")
    await plain.page.fill("#email", "ohne@example.org")
    await plain.press("Weiter: E-Mail bestätigen")
    assert await plain.heading() == "Fast fertig: bitte bestätigen"
    link = await town.post.link("ohne@example.org", "bestaetigen")
    await other.goto(plain.path)
    await is_fine(other.page, "booking-unconfirmed")

    await other.goto(link)
    await is_fine(other.page, "booking-confirm")
    await plain.goto(link)

    assert await plain.heading() == "Ihr Termin ist gebucht"


async def test_the_keyboard_is_enough(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.goto("/termin")
    await walk(page, f"#anliegen-{LOST}")
    await page.keyboard.press("Space")
    await walk(page, "main button[type=submit]")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/termin/zeit**")
    await proven(page)
    await walk(page, ".times button")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/angaben/**")
    await walk(page, "#name")
    await page.keyboard.type("Kim Muster")
    await walk(page, "#phone")
    await page.keyboard.type("03935 12345")
    await page.keyboard.press("Enter")

    await expect(page.locator("h1")).to_have_text("Ihr Termin ist gebucht")
    await expect(page.locator("main")).to_contain_text("Bitte notieren Sie die Nummer")


async def test_a_time_that_somebody_took_leads_to_those_near_it(town: Town, visitor: Visitor) -> None:
    page = visitor.page
    await visitor.goto(f"/termin/zeit?anliegen={LOST}")
    wanted = await page.locator(".times button").nth(3).get_attribute("value")
    assert wanted is not None
    await hold(town, wanted)

    await tap(page, 3)

    await expect(page.get_by_role("alert")).to_contain_text("ist gerade vergeben worden")
    await expect(page.locator(".times--dated button")).to_have_count(4)
    await expect(page.locator(f"button[value='{wanted}']")).to_have_count(0)
    await is_fine(page, "booking-taken")


async def test_nothing_typed_is_lost_when_the_time_was_held_too_long(town: Town, visitor: Visitor) -> None:
    page = visitor.page
    wanted = (await free(town))[0]
    await chosen(visitor)
    held = visitor.path
    await page.fill("#name", "Kim Muster")
    await page.fill("#note", "Ich komme im Rollstuhl.")
    await page.fill("#email", "spaet.termin@example.org")
    town.let_holds_lapse()
    await hold(town, wanted)

    await visitor.press(BOOK)

    await expect(page.get_by_role("alert")).to_contain_text("Ihre Zeit ist inzwischen vergeben")
    await is_fine(page, "booking-expired")
    await proven(page)
    await tap(page)
    assert visitor.path != held
    await expect(page.locator("#name")).to_have_value("Kim Muster")
    await expect(page.locator("#note")).to_have_value("Ich komme im Rollstuhl.")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Zeit ändern").click()
    await tap(page, 1)
    await expect(page.locator("#email")).to_have_value("spaet.termin@example.org")


async def test_what_no_place_offers_together_is_told(visitor: Visitor) -> None:
    visitor.expect(422)
    await visitor.goto("/termin")
    await visitor.page.check(f"#anliegen-{LOST}")
    await visitor.page.check("#anliegen-eheschliessung")

    await visitor.press("Weiter zu den Zeiten")

    await expect(visitor.page.get_by_role("alert")).to_contain_text("Bitte buchen Sie dafür getrennte Termine.")
    await expect(visitor.page.locator(f"#anliegen-{LOST}")).to_be_checked()


@pytest.mark.parametrize("prefix", ["/en", "/einfach"])
async def test_other_languages_lead_there_too(visitor: Visitor, prefix: str) -> None:
    page = visitor.page
    await visitor.goto(f"{prefix}/termin/zeit?anliegen={LOST},personalausweis")
    assert visitor.path.startswith(f"{prefix}/termin?")
    await visitor.goto(f"{prefix}/termin/zeit?anliegen={LOST}&ort={VILLAGE}")
    await proven(page)
    await tap(page)
    await page.fill("#name", "Kim Muster")
    await page.fill("#phone", "03935 12345")
    async with page.expect_navigation():
        await page.locator("#angaben button[type=submit]").first.click()

    await expect(page.locator(".number strong")).to_be_visible()
    await is_fine(page, f"booking-4{prefix.replace('/', '-')}")


async def test_large_letters_stay_readable(visitor: Visitor) -> None:
    for path in ("/termin", f"/termin/zeit?anliegen={LOST}", "/termin/zeit?anliegen=personalausweis"):
        await visitor.goto(path)
        await stays_usable_with_large_letters(visitor.page)
    await chosen(visitor)
    await stays_usable_with_large_letters(visitor.page)
