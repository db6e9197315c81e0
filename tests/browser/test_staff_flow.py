"""What a counter does many times a day takes few steps: appointments that a closure hits, notes, early arrivals."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.async_api import expect

from services.portal.web.say import ZONE
from tests.browser.looking import is_fine
from tests.browser.test_staff_day import booked, counter, of_day
from tests.browser.town import Town
from tests.browser.visitor import Visitor
from tests.support.workdays import weekdays

pytestmark = pytest.mark.asyncio(loop_scope="session")
_LATER = datetime.now(tz=ZONE).date() + timedelta(days=140)
FRIDAY = weekdays(_LATER, 4, 1)[0]
MONDAYS = weekdays(_LATER, 0, 2)
WEDDING = {"office": "standesamt", "items": [{"service": "eheschliessung", "count": 1}], "resource": None}


async def close(visitor: Visitor, day: str) -> None:
    """Enter a closure of one day and save it although people have appointments then."""
    page = visitor.page
    await visitor.goto("/dienst/termine/zeiten?ort=standesamt")
    await page.get_by_role("link", name="Schließung eintragen").click()
    await page.fill("#note", "Wasserschaden")
    await page.fill("#first_day", day)
    await visitor.press("Weiter zur Vorschau")
    await expect(page.locator("main")).to_contain_text("Speichern Sie zuerst")
    await page.get_by_label("Die Termine bleiben bestehen").check()
    await visitor.press("Speichern")


async def test_those_whom_a_closure_hits_are_moved_one_after_the_other(town: Town, visitor: Visitor) -> None:
    page = visitor.page
    first = await booked(town, FRIDAY, "09:00", "Zita Beispiel", **WEDDING, phone="03935 1234")
    second = await booked(town, FRIDAY, "11:00", "Zoe Beispiel", **WEDDING, email="zoe@example.org")
    await visitor.sign_in(await town.device("leitung", "planner", "counter"))
    await close(visitor, FRIDAY.isoformat())
    outside = page.locator("section", has_text="Termine außerhalb der Öffnungszeiten")
    await expect(outside).to_contain_text("03935 1234")
    await expect(outside).to_contain_text("zoe@example.org")
    await is_fine(page, "hours-outside")

    await outside.get_by_role("link", name=first["number"]).click()
    await page.select_option("#starts_at", index=2)
    await visitor.press("Verlegen", within=page.locator("#verlegen"))

    await expect(page.get_by_role("status")).to_contain_text("Der Termin ist verlegt.")
    assert visitor.path.startswith("/dienst/termine/zeiten?ort=standesamt")
    await expect(outside).to_contain_text(second["number"])
    await expect(outside).not_to_contain_text(first["number"])


async def test_a_note_is_seen_in_the_day(town: Town, visitor: Visitor) -> None:
    await booked(town, MONDAYS[0], "09:00", "Zeno Beispiel", note="kommt im Rollstuhl")
    await counter(town, visitor)

    await visitor.goto(of_day(MONDAYS[0]))

    await expect(visitor.page.locator(".visit")).to_contain_text("kommt im Rollstuhl")
