"""The counters' pages: the day on a desktop and a phone, moving by hand and by keys, booking on the phone, paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from services.portal.web.say import ZONE
from tests.browser.looking import is_fine, stays_usable_with_large_letters
from tests.browser.town import Town
from tests.browser.visitor import DESKTOP, Browsers, Visitor
from tests.support.workdays import weekdays

pytestmark = pytest.mark.asyncio(loop_scope="session")
_SOON = datetime.now(tz=ZONE).date() + timedelta(days=7)
MONDAYS, TUESDAYS, FRIDAYS = (weekdays(_SOON, each, 7) for each in (0, 1, 4))
"""Each test has days of its own: they share the town."""


async def counter(town: Town, visitor: Visitor) -> Visitor:
    await visitor.sign_in(await town.device("schalter", "counter"))
    return visitor


async def booked(town: Town, day: date, at: str, name: str, **more: Any) -> dict[str, Any]:
    """Somebody has called."""
    starts_at = datetime.combine(day, time.fromisoformat(at), tzinfo=ZONE).astimezone(UTC)
    body: dict[str, Any] = {
        "booking_id": str(uuid4()),
        "office": "buergerbuero",
        "items": [{"service": "personalausweis", "count": 1}],
        "starts_at": starts_at.isoformat(),
        "resource": "schalter-1",
        "name": name,
        "by": "probe",
        **more,
    }
    made: dict[str, Any] = await town.ask_appointments("POST", "/staff/bookings", body)
    return made


def of_day(day: date) -> str:
    return f"/dienst/termine?ort=buergerbuero&tag={day}"


async def drag(page: Page, visit: Locator, target: Locator, *, down: float) -> None:
    """Move the mouse with the button down."""
    await visit.scroll_into_view_if_needed()
    start, end = await visit.bounding_box(), await target.bounding_box()
    assert start is not None
    assert end is not None
    await page.mouse.move(start["x"] + start["width"] - 12, start["y"] + 6)
    await page.mouse.down()
    await page.mouse.move(end["x"] + 40, end["y"] + down, steps=4)
    await page.mouse.up()


async def test_a_day_is_seen_on_a_desktop_and_a_phone(town: Town, visitor: Visitor) -> None:
    day = MONDAYS[0]
    await booked(town, day, "09:00", "Anna Beispiel", email="anna@example.org")
    await booked(town, day, "09:20", "Bernd Muster", items=[{"service": "abholung", "count": 1}])
    await booked(town, day, "09:30", "Cem Probe", resource="schalter-2", items=[{"service": "hund", "count": 2}])
    done = await booked(town, day, "10:00", "Dora Test", resource="schalter-3")
    await town.ask_appointments("POST", f"/staff/bookings/{done['booking_id']}/state", {"state": "arrived", "by": "p"})
    await counter(town, visitor)

    await visitor.goto(of_day(day))

    await expect(visitor.page.locator(".visit:not(.visit--other)")).to_have_count(4)
    await expect(visitor.page.locator(".visit").first).to_contain_text("Anna Beispiel")
    await is_fine(visitor.page, "counter-day")
    await stays_usable_with_large_letters(visitor.page)
    await visitor.goto(f"/dienst/termine/woche?ort=buergerbuero&tag={day}")
    await expect(visitor.page.locator("tbody tr").first).to_contain_text("2 Termine")
    await is_fine(visitor.page, "counter-week")
    await visitor.page.locator("tbody a").first.click()
    await expect(visitor.page.locator(".visit").first).to_contain_text("Anna Beispiel")


async def test_closed_time_is_seen(town: Town, browsers: Browsers) -> None:
    desk = await counter(town, await browsers.open(viewport=DESKTOP))

    await desk.goto(of_day(TUESDAYS[0]))

    await expect(desk.page.locator(".open")).to_have_count(5)
    await is_fine(desk.page, "counter-day-long")


async def test_a_visit_is_dragged_to_another_counter(town: Town, browsers: Browsers) -> None:
    day = MONDAYS[1]
    made = await booked(town, day, "09:00", "Erika Beispiel", email="erika@example.org")
    desk = await counter(town, await browsers.open(viewport=DESKTOP))
    await desk.goto(of_day(day))
    page = desk.page

    free = page.locator("[data-free][data-resource=schalter-2]")
    await drag(page, page.locator(".visit"), free, down=60)
    await page.keyboard.press("Escape")
    await expect(page.locator("#frage")).to_be_hidden()
    await drag(page, page.locator(".visit"), free, down=150)

    await expect(page.locator("#frage")).to_contain_text(f"Termin {made['number']} von 9:00 nach ")
    await expect(page.locator("#frage")).to_contain_text("Schalter 2 verlegen? Die Person bekommt eine E-Mail.")
    await is_fine(page, "counter-drag")
    await page.set_viewport_size(DESKTOP)
    await desk.press("Verlegen", within=page.locator("#frage"))
    await expect(page.get_by_role("status").first).to_contain_text("Der Termin ist verlegt.")
    await expect(page.locator(".visit")).to_have_attribute("data-resource", "schalter-2")


async def test_a_wedding_takes_its_room_along(town: Town, browsers: Browsers) -> None:
    friday = FRIDAYS[0]
    items = [{"service": "eheschliessung", "count": 1}]
    await booked(town, friday, "09:00", "Klara Beispiel", office="standesamt", items=items, resource=None)
    desk = await counter(town, await browsers.open(viewport=DESKTOP))
    await desk.goto(f"/dienst/termine?ort=standesamt&tag={friday}")

    await drag(desk.page, desk.page.locator("[data-moves]"), desk.page.locator("[data-free]").first, down=200)
    await expect(desk.page.locator("#frage")).to_contain_text(" verlegen?")
    await desk.press("Verlegen", within=desk.page.locator("#frage"))

    await expect(desk.page.get_by_role("status").first).to_contain_text("Der Termin ist verlegt.")
    await expect(desk.page.locator("[data-moves]")).not_to_contain_text("9:00")
    await expect(desk.page.locator(".visit--other")).to_have_count(1)


async def test_a_visit_that_changed_meanwhile_is_not_moved(town: Town, browsers: Browsers) -> None:
    day = MONDAYS[2]
    made = await booked(town, day, "09:00", "Frida Beispiel")
    desk = await counter(town, await browsers.open(viewport=DESKTOP))
    desk.expect(409)
    await desk.goto(of_day(day))
    await drag(desk.page, desk.page.locator(".visit"), desk.page.locator("[data-free]").nth(1), down=200)
    await expect(desk.page.locator("#frage")).to_contain_text("keine E-Mail-Adresse")
    later = datetime.combine(day, time(11), tzinfo=ZONE).isoformat()
    order = {"starts_at": later, "seen_version": made["version"], "by": "kollege"}
    await town.ask_appointments("POST", f"/staff/bookings/{made['booking_id']}/move", order)

    await desk.press("Verlegen", within=desk.page.locator("#frage"))

    await expect(desk.page.get_by_role("alert")).to_contain_text("Der Termin wurde NICHT verlegt.")
    await expect(desk.page.locator(".visit")).to_contain_text("11:00")
    await is_fine(desk.page, "counter-day-changed")


async def test_without_script_a_visit_moves_arrives_and_is_cancelled(town: Town, browsers: Browsers) -> None:
    made = await booked(town, MONDAYS[3], "09:00", "Gerd Beispiel", phone="03935 1234", note="bringt das Kind mit")
    plain = await counter(town, await browsers.open(java_script_enabled=False))
    await plain.goto(of_day(MONDAYS[3]))
    await plain.page.get_by_role("link", name="Gerd Beispiel").click()
    page = plain.page

    await page.locator("summary", has_text="Verlegen").click()
    await page.select_option("#starts_at", index=4)
    await plain.press("Verlegen", within=page.locator("#verlegen"))
    await expect(page.get_by_role("status")).to_contain_text("Der Termin ist verlegt.")
    await page.get_by_role("button", name="Zurück auf").click()
    await expect(page.locator("#wann")).to_contain_text("9:00 Uhr")
    await plain.press("Angekommen")
    await expect(page.locator(".badge")).to_have_text("ist da")
    await plain.press("Rückgängig")
    await expect(page.locator(".badge")).to_have_text("gebucht")
    await page.locator("summary", has_text="Termin absagen").click()
    await plain.press("Termin absagen")

    await expect(page.locator(".badge")).to_have_text("abgesagt")
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Termin {made['number']}")


async def test_the_booking_page_tells_everything(town: Town, visitor: Visitor) -> None:
    made = await booked(town, MONDAYS[4], "09:00", "Heike Beispiel", phone="03935 1234", email="heike@example.org")
    await counter(town, visitor)

    await visitor.goto(f"/dienst/termine/suche?q={made['number'].lower()}")
    await expect(visitor.page.locator("main")).to_contain_text("heike@example.org")
    await visitor.page.locator("summary", has_text="Verlegen").click()
    await is_fine(visitor.page, "counter-booking")
    await stays_usable_with_large_letters(visitor.page)
    await visitor.goto("/dienst/termine/suche?q=heike")

    await expect(visitor.page.locator("main")).to_contain_text(made["number"])
    await is_fine(visitor.page, "counter-search")


async def test_a_call_is_booked_in_three_screens_with_the_keys(town: Town, visitor: Visitor) -> None:
    visitor.expect(422)
    await counter(town, visitor)
    await visitor.goto(f"/dienst/termine/neu?ort=buergerbuero&tag={MONDAYS[5]}")
    await is_fine(visitor.page, "counter-new")
    await stays_usable_with_large_letters(visitor.page)

    await visitor.page.select_option("#anzahl-personalausweis", "2")
    await visitor.press("Weiter zu den Zeiten")
    await visitor.page.fill("#name", "Ida Beispiel")
    await visitor.page.fill("#email", "ida@beispiel")
    await visitor.page.locator("button[name=tag]").last.click()
    await expect(visitor.page.locator("#name")).to_have_value("Ida Beispiel")
    await visitor.page.locator("input[name=starts_at]").nth(2).check(force=True)
    await visitor.press("Termin buchen")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Bitte prüfen Sie diese Angabe: E-Mail.")
    await is_fine(visitor.page, "counter-new-time")
    await visitor.page.fill("#email", "")
    await visitor.page.locator("#name").focus()
    await visitor.page.keyboard.press("Enter")

    await expect(visitor.page.locator(".read-out")).to_be_visible()
    await expect(visitor.page.locator("main")).to_contain_text("2 × Personalausweis beantragen")
    await is_fine(visitor.page, "counter-booked")


async def test_the_list_of_the_day_fits_on_one_sheet(town: Town, visitor: Visitor) -> None:
    day = MONDAYS[6]
    for number in range(6):
        await booked(town, day, f"{9 + number // 3:02}:{number % 3 * 20:02}", f"Person {number}", phone="03935 123")
    await counter(town, visitor)

    await visitor.goto(f"/dienst/termine/liste?ort=buergerbuero&tag={day}")

    await expect(visitor.page.locator("tbody tr:not(.spare)")).to_have_count(6)
    await is_fine(visitor.page, "counter-list")
    paper = await visitor.page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 1
