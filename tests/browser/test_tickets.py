"""The waiting hall: a number on a phone, the counter that calls it, the display on the wall."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.looking import has_controls_apart, is_fine, stays_usable_with_large_letters, walk
from tests.browser.offices import COUNTER
from tests.browser.offices import VILLAGE as HALL
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, Browsers, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
CHOOSE = f"/wartenummer?ort={HALL}"
RENEWED = 6_000
"""A page asks again every five seconds, the display every three."""


async def calls(town: Town, action: str, ticket: str) -> None:
    body = {"action": action, "by": "schalter"}
    await town.ask_appointments("POST", f"/counters/{COUNTER}/tickets/{ticket}", body)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def empty_hall(town: Town) -> AsyncGenerator[None]:
    """Nobody waits before a test, and nobody after it."""
    yield
    queue = await town.ask_appointments("GET", f"/queues/{HALL}")
    for each in [*queue["called"], *queue["parked"]]:
        await calls(town, "back", each["ticket_id"])
    for each in [*queue["called"], *queue["parked"], *queue["waiting"]]:
        await calls(town, "call", each["ticket_id"])
        await calls(town, "done", each["ticket_id"])


async def renewed(*visitors: Visitor) -> None:
    """Some seconds pass for these pages."""
    for each in visitors:
        await each.page.clock.fast_forward(RENEWED)


async def watching(*visitors: Visitor) -> None:
    """Their clocks can be put forward."""
    for each in visitors:
        await each.page.clock.install()


async def a_number(town: Town) -> str:
    """Somebody else takes a number."""
    body = {"ticket_id": str(uuid4()), "office": HALL, "items": [{"service": "fundsachen"}]}
    return str((await town.ask_appointments("POST", "/tickets", body))["number"])


async def taken(visitor: Visitor, prefix: str = "") -> str:
    """Take a number on the phone."""
    await visitor.goto(f"{prefix}{CHOOSE}")
    await visitor.page.check("#anliegen-fundsachen")
    async with visitor.page.expect_navigation():
        await visitor.page.locator("main form button[type=submit]").click()
    return await visitor.page.locator(".number__own").inner_text()


async def at_the_counter(town: Town, visitor: Visitor) -> None:
    await visitor.sign_in(await town.device("schalter", "counter"))
    await visitor.goto("/dienst/aufruf")
    await visitor.press("Schalter Bellingen")


async def test_a_number_moves_up_without_reload(town: Town, browsers: Browsers) -> None:
    first = await a_number(town)
    phone, clerk, wall = await browsers.open(), await browsers.open(), await browsers.open(viewport=DESKTOP)
    await watching(phone, wall)
    await taken(phone)
    await expect(phone.page.locator("#stand")).to_contain_text("Vor Ihnen: eine Person")
    await expect(phone.page.locator("#stand")).to_contain_text(re.compile(r"etwa \d+ Minuten"))
    await is_fine(phone.page, "ticket-waiting")
    await wall.goto(f"/anzeige/{HALL}")
    await expect(wall.page.locator("#kopf")).to_contain_text("Es warten: 2")
    await is_fine(wall.page, "display-empty")

    await at_the_counter(town, clerk)
    await is_fine(clerk.page, "calls-free")
    await clerk.press("Nächste Person aufrufen")

    await expect(clerk.page.locator(".sign__word")).to_contain_text(first)
    await renewed(phone, wall)
    await expect(wall.page.locator("tbody tr.fresh")).to_contain_text(first)
    await expect(phone.page.locator("#stand")).to_contain_text("Sie sind als Nächstes dran")
    await is_fine(clerk.page, "calls-called")


async def test_a_called_number_hears_of_it_at_once_and_what_became_of_it(town: Town, browsers: Browsers) -> None:
    first = await a_number(town)
    phone, clerk, wall = await browsers.open(), await browsers.open(), await browsers.open(viewport=DESKTOP)
    await watching(phone, wall)
    mine = await taken(phone)
    await wall.goto(f"/anzeige/{HALL}")
    await at_the_counter(town, clerk)
    await clerk.press("Nächste Person aufrufen")
    await clerk.press(f"Ist da: {first}")
    await is_fine(clerk.page, "calls-serving")
    await stays_usable_with_large_letters(clerk.page)

    await clerk.press(f"Fertig, nächste Person aufrufen: {first}")

    await renewed(phone, wall)
    await expect(phone.page.locator("#stand")).to_contain_text("Sie sind dran: Schalter Bellingen")
    await expect(phone.page).to_have_title(f"{mine}: Sie sind dran · Stadt Tangerhütte")
    await is_fine(phone.page, "ticket-called")
    await expect(wall.page.locator("tbody tr.fresh")).to_contain_text(mine)
    await is_fine(wall.page, "display-called")
    await clerk.press(f"Nicht erschienen: {mine}")
    await renewed(phone)
    await expect(phone.page.locator("#stand")).to_contain_text("Wir haben Sie nicht angetroffen")
    await is_fine(phone.page, "ticket-missed")


async def test_who_is_put_back_waits_again_and_a_parked_number_is_called_by_hand(town: Town, visitor: Visitor) -> None:
    first, second = await a_number(town), await a_number(town)
    await at_the_counter(town, visitor)

    await visitor.press("Nächste Person aufrufen")
    await visitor.press(f"Zurückstellen: {first}")
    await expect(visitor.page.locator("[aria-labelledby=geparkt]")).to_contain_text(first)
    await visitor.page.locator("summary", has_text="Nummer ausgeben").click()
    await visitor.page.locator("summary", has_text="Termin anmelden").click()
    await is_fine(visitor.page, "calls-parked")
    await has_controls_apart(visitor.page)
    await visitor.press(f"Aufrufen: {first}", within=visitor.page.locator("[aria-labelledby=geparkt]"))
    await expect(visitor.page.locator(".sign__why")).to_contain_text("2. Aufruf")
    await visitor.press(f"Zurück in die Warteschlange: {first}")

    await expect(visitor.page.locator("[aria-labelledby=warten] li").first).to_contain_text(first)
    await expect(visitor.page.locator("[aria-labelledby=warten] li").nth(1)).to_contain_text(second)


async def test_a_clerk_gives_a_number_and_hears_when_there_is_no_appointment(town: Town, visitor: Visitor) -> None:
    visitor.expect(422)
    await at_the_counter(town, visitor)
    await visitor.page.locator("summary", has_text="Nummer ausgeben").click()
    await visitor.page.check("#anliegen-fundsachen")

    await visitor.press("Nummer ausgeben")
    await expect(visitor.page.get_by_role("status").first).to_contain_text("ist vergeben")
    await visitor.page.locator("summary", has_text="Termin anmelden").click()
    await visitor.page.fill("#termin", "GIBTSNICHT")
    await visitor.press("Termin anmelden")

    await expect(visitor.page.get_by_role("alert")).to_contain_text("Unter dieser Nummer gibt es keinen Termin")


@pytest.mark.parametrize("prefix", ["", "/en", "/einfach"])
async def test_the_pages_speak_all_languages(browsers: Browsers, prefix: str) -> None:
    visitor, name = await browsers.open(), prefix.strip("/") or "de"
    await visitor.goto(f"{prefix}/wartenummer")
    await is_fine(visitor.page, f"tickets-places-{name}")
    await visitor.goto(f"{prefix}{CHOOSE}")
    await is_fine(visitor.page, f"tickets-choose-{name}")
    await stays_usable_with_large_letters(visitor.page)
    await taken(visitor, prefix)
    await is_fine(visitor.page, f"ticket-{name}")
    await stays_usable_with_large_letters(visitor.page)

    await visitor.goto(f"{prefix}/ankunft?ort={HALL}")
    await is_fine(visitor.page, f"arrival-{name}")
    await visitor.page.fill("#nummer", "GIBTSNICHT")
    visitor.expect(422)
    async with visitor.page.expect_navigation():
        await visitor.page.locator("main form button[type=submit]").click()
    await expect(visitor.page.get_by_role("alert")).to_be_visible()
    await is_fine(visitor.page, f"arrival-wrong-{name}")


async def test_nothing_chosen_is_told_and_the_keyboard_is_enough(visitor: Visitor) -> None:
    visitor.expect(422)
    await visitor.goto(CHOOSE)
    await visitor.press("Nummer ziehen")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Bitte wählen Sie aus")

    await walk(visitor.page, "#anliegen-fundsachen")
    await visitor.page.keyboard.press("Space")
    async with visitor.page.expect_navigation():
        await visitor.page.keyboard.press("Enter")

    await expect(visitor.page.locator(".number__own")).to_be_visible()


async def test_without_script_the_page_asks_again_by_itself(town: Town, browsers: Browsers) -> None:
    phone = await browsers.open(java_script_enabled=False)
    await taken(phone)
    await expect(phone.page.locator("#stand")).to_contain_text("Sie sind als Nächstes dran")

    await town.ask_appointments("POST", f"/counters/{COUNTER}/next", {"by": "schalter"})

    await expect(phone.page.locator("meta[http-equiv=refresh]")).to_have_attribute("content", "5")
    await phone.page.reload()
    await expect(phone.page.locator("#stand")).to_contain_text("Sie sind dran")


async def test_an_office_without_hours_now_says_so(visitor: Visitor) -> None:
    await visitor.goto("/wartenummer?ort=standesamt")
    shut = await visitor.page.get_by_text("Im Moment geben wir hier keine Wartenummern aus").count()

    await is_fine(visitor.page, "tickets-closed" if shut else "tickets-registry")
