"""The planners' pages: opening hours as cards, their effect before they are saved, undo."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from services.portal.web.say import ZONE
from tests.browser.looking import is_fine
from tests.browser.town import Town
from tests.browser.visitor import Browsers, Visitor
from tests.support.workdays import weekdays

pytestmark = pytest.mark.asyncio(loop_scope="session")
FRIDAY = weekdays(datetime.now(tz=ZONE).date(), 4, 5)[-1]
"""The registry office opens on Fridays."""
HOURS = "/dienst/termine/zeiten?ort=standesamt"


async def planner(town: Town, visitor: Visitor, *more: str) -> Page:
    await visitor.sign_in(await town.device("leitung", "planner", *more))
    await visitor.goto(HOURS)
    return visitor.page


async def wedding(town: Town) -> str:
    starts_at = datetime.combine(FRIDAY, time(10), tzinfo=ZONE).astimezone(UTC)
    body = {
        "booking_id": str(uuid4()),
        "office": "standesamt",
        "items": [{"service": "eheschliessung", "count": 1}],
        "starts_at": starts_at.isoformat(),
        "name": "Jana Beispiel",
        "by": "probe",
    }
    return str((await town.ask_appointments("POST", "/staff/bookings", body))["number"])


async def test_a_closure_shows_whom_it_hits_before_it_is_saved_and_is_undone(town: Town, visitor: Visitor) -> None:
    number = await wedding(town)
    page = await planner(town, visitor, "counter")
    await is_fine(page, "hours")

    await page.get_by_role("link", name="Schließung eintragen").click()
    await page.fill("#note", "Betriebsausflug")
    await page.fill("#first_day", FRIDAY.isoformat())
    await is_fine(page, "hours-closure")
    await visitor.press("Weiter zur Vorschau")
    await expect(page.locator("main")).to_contain_text("Ein Termin läge außerhalb der Öffnungszeiten")
    await expect(page.get_by_role("link", name=number)).to_be_visible()
    await is_fine(page, "hours-preview")
    await page.get_by_label("Die Termine bleiben bestehen").check()
    await visitor.press("Speichern")

    await expect(page.get_by_role("status")).to_contain_text("Gespeichert.")
    await expect(page.locator("h3", has_text="Betriebsausflug: ")).to_contain_text("geschlossen")
    await is_fine(page, "hours-saved")
    await visitor.press("Diese Änderung zurücknehmen")
    await visitor.press("Speichern")
    await expect(page.get_by_role("status")).to_contain_text("zurückgenommen")
    await expect(page.locator("h3", has_text="Betriebsausflug")).to_have_count(0)


async def test_a_series_is_changed_without_script_and_nothing_typed_is_lost(town: Town, browsers: Browsers) -> None:
    plain = await browsers.open(java_script_enabled=False)
    plain.expect(422)
    page = await planner(town, plain)
    await page.get_by_role("link", name="freitags 9:00–14:00 Uhr ändern").click()

    await page.fill("#to_time", "08:00")
    await page.fill("#note", "Nur im Winter")
    await plain.press("Weiter zur Vorschau")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.locator("#note")).to_have_value("Nur im Winter")
    await page.fill("#to_time", "15:00")
    await plain.press("Weiter zur Vorschau")
    await plain.press("Noch etwas ändern")
    await expect(page.locator("#note")).to_have_value("Nur im Winter")
    await plain.press("Weiter zur Vorschau")
    await plain.press("Speichern")

    await expect(page.locator("h3").first).to_have_text("freitags 9:00–15:00 Uhr")
    await page.goto(plain.url + HOURS)
    await plain.press("Diese Änderung zurücknehmen")
    await plain.press("Speichern")
