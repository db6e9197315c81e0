"""Messages of clerks: written, looked at, released by a second person, followed, ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine, stays_usable_with_large_letters
from tests.browser.pools import LOCAL
from tests.browser.town import Town
from tests.browser.visitor import Browsers, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
MANY = "waste_collection_moved"
"""Enough people follow it that a second person must look."""


def ends() -> str:
    """Tomorrow, as a field of a browser holds it."""
    return f"{datetime.now(tz=UTC).astimezone(LOCAL) + timedelta(days=1):%Y-%m-%dT%H:%M}"


async def written(visitor: Visitor, headline: str, *, category: str, english: bool = False) -> None:
    """Fill in the form and look at the preview."""
    page = visitor.page
    await visitor.goto("/dienst/meldungen/neu")
    await page.select_option("#category", category)
    await page.fill("#headline_de", headline)
    await page.fill("#body_de", f"{headline}. Wir bitten um Verständnis.")
    await page.fill("#ends", ends())
    if english:
        await page.get_by_text("Englisch", exact=True).click()
        await page.fill("#headline_en", f"{headline} (English)")
        await page.fill("#body_en", "We apologise.")
    await visitor.press("Vorschau")


async def test_a_second_person_releases_what_reaches_many(town: Town, browsers: Browsers) -> None:
    await town.take_over("a@muell.example", "b@muell.example", "c@muell.example", topic=f"matter.{MANY}")
    clerk, boss = await browsers.open(), await browsers.open()
    await clerk.sign_in(await town.device("buero", "clerk"))
    await boss.sign_in(await town.device("leitung", "approver"))

    await written(clerk, "Die Biotonne wird erst am Freitag geleert", category=MANY, english=True)
    people = int((await clerk.page.locator("#reichweite").inner_text()).split()[1])
    assert people >= 3
    await is_fine(clerk.page, "desk-preview")
    await clerk.press("Zur Freigabe vorlegen")
    await expect(clerk.page.locator("main")).to_contain_text("Wartet auf die zweite Person")
    await is_fine(clerk.page, "desk-held")
    await boss.goto("/dienst/meldungen")
    await is_fine(boss.page, "desk-list-held")
    await boss.page.get_by_role("link", name="Die Biotonne wird erst am Freitag geleert").click()
    await expect(boss.page.get_by_role("button", name="Freigeben und senden")).to_be_visible()
    await is_fine(boss.page, "desk-release")
    await boss.press("Freigeben und senden")

    await expect(boss.page.locator("#zustellung")).to_have_text("Versand abgeschlossen", timeout=15_000)
    await expect(boss.page.locator("#bericht")).to_contain_text(f"{people} von {people} Personen")
    await is_fine(boss.page, "desk-report")


async def test_what_a_second_person_rejects_goes_nowhere(town: Town, browsers: Browsers) -> None:
    await town.take_over("d@muell.example", "e@muell.example", topic=f"matter.{MANY}")
    clerk, boss = await browsers.open(), await browsers.open()
    await clerk.sign_in(await town.device("buero", "clerk"))
    await boss.sign_in(await town.device("leitung", "approver"))
    await written(clerk, "Die blaue Tonne entfällt", category=MANY)
    await clerk.press("Zur Freigabe vorlegen")

    await boss.goto(clerk.path.partition("?")[0])
    await boss.page.fill("#why", "Falscher Tag")
    await boss.press("Ablehnen")

    await expect(boss.page.locator("#bericht")).to_contain_text("Falscher Tag")
    await is_fine(boss.page, "desk-rejected")


async def test_a_message_is_sent_brought_up_to_date_and_ended(town: Town, visitor: Visitor) -> None:
    await visitor.sign_in(await town.device("buero", "clerk"))
    await written(visitor, "Bibliothek heute geschlossen", category="facility")
    await visitor.press("Jetzt senden")
    await expect(visitor.page.locator("#zustellung")).to_have_text("Versand abgeschlossen", timeout=15_000)
    await visitor.page.locator("summary", has_text="Neuer Stand").click()
    await visitor.page.locator("summary", has_text="Beenden").click()
    await is_fine(visitor.page, "desk-sent")

    await visitor.page.fill("#headline_de", "Bibliothek ab 14 Uhr offen")
    await visitor.page.fill("#body_de", "Ab 14 Uhr ist wieder offen.")
    await visitor.press("Neuen Stand senden")
    await expect(visitor.page.locator("h1")).to_have_text("Bibliothek ab 14 Uhr offen")
    await visitor.page.locator("summary", has_text="Beenden").click()
    await visitor.press("Entwarnung: Es ist vorbei")

    await expect(visitor.page.locator("main")).to_contain_text("Nachricht Nr. 3")
    await is_fine(visitor.page, "desk-ended")


async def test_an_empty_form_and_one_that_lacks_something(town: Town, visitor: Visitor) -> None:
    visitor.expect(422)
    await visitor.sign_in(await town.device("buero", "clerk"))
    await visitor.goto("/dienst/meldungen/neu")
    await is_fine(visitor.page, "desk-compose")
    await stays_usable_with_large_letters(visitor.page)

    await visitor.page.select_option("#category", "facility")
    await visitor.page.fill("#headline_de", "Sperrung")
    await visitor.page.fill("#body_de", "Gesperrt.")
    await visitor.page.get_by_text("Englisch", exact=True).click()
    await visitor.page.fill("#headline_en", "Closed")
    await visitor.page.fill("#ends", ends())
    await visitor.press("Vorschau")

    await expect(visitor.page.get_by_role("alert")).to_contain_text("Zu jeder Übersetzung gehören")
    await expect(visitor.page.locator("#headline_en")).to_have_value("Closed")
    await is_fine(visitor.page, "desk-compose-wrong")


async def test_a_look_at_the_form_again_keeps_what_was_typed(town: Town, visitor: Visitor) -> None:
    await visitor.sign_in(await town.device("buero", "clerk"))
    await written(visitor, "Die Schule bleibt zu", category="facility")

    await visitor.press("Ändern")

    await expect(visitor.page.locator("#headline_de")).to_have_value("Die Schule bleibt zu")
