"""One's own appointment behind its link; the waiting list and the waiting room."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.looking import is_fine, stays_usable_with_large_letters
from tests.browser.offices import VILLAGE
from tests.browser.town import Town
from tests.browser.visitor import Browsers, Visitor
from tests.browser.visits import LOST, book, free, proven
from tests.support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_moving_shows_old_and_new_before_anything_changes(town: Town, visitor: Visitor) -> None:
    page, token = visitor.page, await book(town, "umzug@example.org", at=6)
    await visitor.goto(f"/termin/{token}")
    before = await page.locator("main .accent strong").nth(1).inner_text()
    await is_fine(page, "own")

    await page.get_by_role("link", name="Verlegen", exact=True).click()
    await page.wait_for_url("**/verlegen")
    await is_fine(page, "own-move")
    await stays_usable_with_large_letters(page)
    await page.locator(".times a").nth(2).click()
    await page.wait_for_url("**neu=**")
    await expect(page.locator("main")).to_contain_text(before)
    await is_fine(page, "own-move-sure")
    await visitor.press("Ja, verlegen")

    await expect(page.get_by_role("status")).to_contain_text("Ihr Termin ist verlegt")
    calendar = await page.request.get(f"{visitor.url}/termin/{token}/termin.ics")
    feed = await page.get_by_role("link", name="Kalender mit diesem Termin").get_attribute("href")
    assert "BEGIN:VEVENT" in await calendar.text()
    assert feed is not None
    assert "BEGIN:VEVENT" in await (await page.request.get(visitor.url + urlsplit(feed).path)).text()
    assert await page.locator("main .accent strong").nth(1).inner_text() != before


async def test_a_move_from_an_old_page_is_told(town: Town, browsers: Browsers) -> None:
    token = await book(town, "zweimal@example.org", at=8)
    pages = [await browsers.open(), await browsers.open()]
    for number, each in enumerate(pages):
        await each.goto(f"/termin/{token}/verlegen")
        await each.page.locator(".times a").nth(number * 6).click()
        await each.page.wait_for_url("**neu=**")

    for each in pages:
        await each.press("Ja, verlegen")

    await expect(pages[1].page.get_by_role("alert")).to_contain_text("Der Termin hat sich inzwischen geändert")


async def test_cancelling_asks_once_and_offers_to_book_again(town: Town, visitor: Visitor) -> None:
    await visitor.goto(f"/termin/{await book(town, 'absage@example.org', at=10)}/absagen")
    await is_fine(visitor.page, "own-cancel")

    await visitor.press("Ja, absagen")

    assert await visitor.heading() == "Dieser Termin ist abgesagt"
    await is_fine(visitor.page, "own-cancelled")
    await visitor.page.get_by_role("link", name="Neu buchen").click()
    await expect(visitor.page.locator("h1")).to_have_text("Ort und Zeit wählen")


async def test_a_lost_link_comes_by_mail(town: Town, visitor: Visitor) -> None:
    token = await book(town, "verlegt@example.org", at=12)
    before = len(await town.post.mails("verlegt@example.org"))
    await visitor.goto("/termin/link")
    await is_fine(visitor.page, "own-link")

    await visitor.page.fill("#email", "verlegt@example.org")
    await visitor.press("Link zuschicken")

    await is_fine(visitor.page, "own-link-sent")
    assert before <= len(await town.post.mails("verlegt@example.org"))
    await visitor.goto(await town.post.link("verlegt@example.org", "termin"))
    assert visitor.path.endswith(token)


async def test_a_link_that_nobody_knows_is_told_in_words(visitor: Visitor) -> None:
    await visitor.goto("/termin/kein-solcher", status=404)

    assert await visitor.heading() == "Dieser Link gilt nicht mehr"
    await is_fine(visitor.page, "own-unknown")


async def next_offer(town: Town, email: str, *, after: str) -> str:
    """Wait for the mail with another offer; the path of its link."""

    async def mailed() -> bool:
        return await town.post.link(email, "angebot") != after

    await eventually(mailed)
    return await town.post.link(email, "angebot")


async def fill_in(page: Page, email: str) -> None:
    """Say who waits; the browser does its work meanwhile."""
    await page.fill("#name", "Kim Muster")
    await page.fill("#email", email)
    await proven(page)


async def test_a_freed_time_is_offered_to_who_waits(town: Town, visitor: Visitor) -> None:
    page = visitor.page
    token = await book(town, "frueher@example.org", at=30)
    await visitor.goto(f"/termin/{token}/frueher")
    await is_fine(page, "waiting-form")
    await fill_in(page, "frueher@example.org")

    await visitor.press("Eintragen")

    await page.wait_for_url("**/warteliste/**")
    entry = visitor.path
    await is_fine(page, "waiting")
    first = await town.post.link("frueher@example.org", "angebot")
    await visitor.goto(first)
    await expect(page.get_by_text("Nehmen Sie an, sagen wir Ihren Termin")).to_be_visible()
    await is_fine(page, "waiting-offer")
    await visitor.press("Nein, weiter warten")
    await expect(page.get_by_text("Sie haben abgelehnt")).to_be_visible()

    async def offered() -> bool:
        await visitor.goto(entry)
        return await visitor.heading() == "Eine Zeit ist frei geworden"

    await eventually(offered)
    await expect(page.get_by_text("über den Link in unserer E-Mail")).to_be_visible()
    await is_fine(page, "waiting-offered")
    await visitor.goto(await next_offer(town, "frueher@example.org", after=first))
    await visitor.press("Ja, diesen Termin nehmen")
    assert await visitor.heading() == "Ihr Termin ist gebucht"
    await visitor.goto(f"/termin/{token}")
    assert await visitor.heading() == "Dieser Termin ist abgesagt"


async def test_who_no_longer_waits_leaves_the_list(town: Town, visitor: Visitor) -> None:
    await visitor.goto("/termin/warteliste?anliegen=eheschliessung")
    await visitor.page.fill("#bis", await visitor.page.input_value("#von"))
    await fill_in(visitor.page, "genug@example.org")
    await visitor.press("Eintragen")

    await visitor.press("Von der Liste streichen")

    assert await visitor.heading() == "Sie stehen nicht mehr auf der Warteliste"
    await is_fine(visitor.page, "waiting-left")
    assert "Warteliste" in str((await town.post.mails("genug@example.org"))[0])


async def test_the_waiting_room_gives_a_place_and_renews_itself(visitor: Visitor) -> None:
    await visitor.goto(f"/termin/warteraum/{VILLAGE}")
    await is_fine(visitor.page, "room-open")

    await visitor.press("Platz nehmen")

    await expect(visitor.page.locator("#stand")).to_have_attribute("hx-trigger", "every 5s")
    await is_fine(visitor.page, "room")


async def test_an_office_without_releases_needs_no_waiting_room(town: Town, visitor: Visitor) -> None:
    await visitor.goto("/termin/warteraum/standesamt")

    await expect(visitor.page.locator("main")).to_contain_text("Alle Termine sind frei buchbar.")
    assert await free(town, VILLAGE, LOST)
