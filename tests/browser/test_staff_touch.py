"""Moving an appointment by finger in the day and the week of the counters, to another day, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from services.portal.web.say import ZONE
from tests.browser.looking import is_fine
from tests.browser.test_staff_day import DESKTOP, booked, counter, drag, of_day
from tests.browser.town import Town
from tests.browser.visitor import Browsers, Visitor
from tests.support.workdays import weekdays, workday

pytestmark = pytest.mark.asyncio(loop_scope="session")
_LATER = datetime.now(tz=ZONE).date() + timedelta(days=70)
MONDAYS = weekdays(_LATER, 0, 10)
"""Each test has days of its own, and none of those of the other file."""
TABLET = ViewportSize(width=1024, height=768)
_LONG = 600
"""Milliseconds that a finger rests before it lifts a visit."""

Point = tuple[float, float]


class Glass(Protocol):
    """What hears of fingers: a session of the browser's own protocol."""

    async def send(self, method: str, params: dict[str, Any]) -> Any: ...


class Finger:
    """A finger on the glass, as the browser hears it from the system."""

    def __init__(self, page: Page, session: Glass) -> None:
        self._page = page
        self._session = session

    async def down(self, *at: Point) -> None:
        await self._send("touchStart", at)

    async def go(self, start: Point, end: Point, *, steps: int = 6) -> None:
        for step in range(1, steps + 1):
            part = step / steps
            at = (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            await self._send("touchMove", [at])

    async def up(self) -> None:
        await self._send("touchEnd", ())

    async def carry(self, start: Point, end: Point) -> None:
        """Rest, lift, carry, let go."""
        await self.down(start)
        await self._page.wait_for_timeout(_LONG)
        await self.go(start, end)
        await self.up()

    async def _send(self, kind: str, at: Sequence[Point]) -> None:
        points: list[dict[str, Any]] = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(at)]
        await self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


async def on_a_tablet(town: Town, browsers: Browsers) -> tuple[Visitor, Finger]:
    desk = await counter(town, await browsers.open(viewport=TABLET, has_touch=True))
    return desk, Finger(desk.page, await desk.context.new_cdp_session(desk.page))


async def corner(shown: Locator, *, right: float = 12, down: float = 6) -> Point:
    box = await shown.bounding_box()
    assert box is not None
    return box["x"] + box["width"] - right, box["y"] + down


async def test_a_finger_that_rests_lifts_a_visit_and_carries_it(town: Town, browsers: Browsers) -> None:
    made = await booked(town, MONDAYS[0], "09:00", "Tine Beispiel")
    desk, finger = await on_a_tablet(town, browsers)
    await desk.goto(of_day(MONDAYS[0]))
    page = desk.page
    free = page.locator("[data-free][data-resource=schalter-2]")

    await finger.carry(await corner(page.locator(".visit")), await corner(free, right=80, down=150))

    await expect(page.locator("#frage")).to_contain_text(f"Termin {made['number']} von 9:00 nach ")
    await desk.press("Verlegen", within=page.locator("#frage"))
    await expect(page.locator(".visit")).to_have_attribute("data-resource", "schalter-2")


async def test_a_finger_that_does_not_rest_scrolls(town: Town, browsers: Browsers) -> None:
    await booked(town, MONDAYS[1], "09:00", "Uwe Beispiel")
    desk, finger = await on_a_tablet(town, browsers)
    await desk.goto(of_day(MONDAYS[1]))
    start = await corner(desk.page.locator(".visit"))

    await finger.down(start)
    await finger.go(start, (start[0], start[1] - 200))
    await finger.up()

    await desk.page.wait_for_function("scrollY > 100")
    await expect(desk.page.locator("#frage")).to_be_hidden()
    await expect(desk.page.locator(".is-moving, .drop")).to_have_count(0)


async def test_a_second_finger_puts_the_visit_down_where_it_was(town: Town, browsers: Browsers) -> None:
    await booked(town, MONDAYS[2], "09:00", "Vera Beispiel")
    desk, finger = await on_a_tablet(town, browsers)
    await desk.goto(of_day(MONDAYS[2]))
    start = await corner(desk.page.locator(".visit"))
    await finger.down(start)
    await expect(desk.page.locator(".is-moving")).to_have_count(1)
    there = (start[0], start[1] + 150)
    await finger.go(start, there)

    await finger.down(there, (there[0] - 200, there[1]))
    await finger.up()

    await expect(desk.page.locator("#frage")).to_be_hidden()
    await expect(desk.page.locator(".is-moving, .drop")).to_have_count(0)


async def test_a_visit_is_dropped_on_the_next_day(town: Town, browsers: Browsers) -> None:
    monday = next(each for each in MONDAYS[7:] if workday(each + timedelta(days=1)) == each + timedelta(days=1))
    made = await booked(town, monday, "09:00", "Willi Beispiel")
    desk = await counter(town, await browsers.open(viewport=DESKTOP))
    await desk.goto(of_day(monday))

    async with desk.page.expect_navigation():
        await drag(desk.page, desk.page.locator(".visit"), desk.page.get_by_role("link", name="Tag danach"), down=10)

    assert desk.path == f"/dienst/termine/{made['booking_id']}?verlegen={monday + timedelta(days=1)}#verlegen"
    await desk.page.select_option("#starts_at", index=1)
    await desk.press("Verlegen", within=desk.page.locator("#verlegen"))
    await expect(desk.page.locator("#wann")).to_contain_text("Dienstag")


async def test_in_the_week_a_visit_is_carried_to_another_day(town: Town, browsers: Browsers) -> None:
    monday, made = MONDAYS[4], await booked(town, MONDAYS[4], "09:00", "Xaver Beispiel")
    desk, finger = await on_a_tablet(town, browsers)
    await desk.goto(f"/dienst/termine/woche?ort=buergerbuero&tag={monday}")
    page = desk.page
    await page.locator("tbody tr").first.locator("summary").click()
    await is_fine(page, "counter-week-visits")
    await page.set_viewport_size(TABLET)
    visit = page.locator(".week [data-moves]")
    await expect(visit).to_have_text(f"9:00 {made['number']}")

    async with page.expect_navigation():
        await finger.carry(await corner(visit), await corner(page.locator("tbody tr").nth(3)))

    assert desk.path == f"/dienst/termine/{made['booking_id']}?verlegen={monday + timedelta(days=3)}#verlegen"


async def test_a_move_by_hand_is_taken_back_where_it_was_made(town: Town, browsers: Browsers) -> None:
    await booked(town, MONDAYS[5], "09:00", "Yusuf Beispiel")
    desk = await counter(town, await browsers.open(viewport=DESKTOP))
    await desk.goto(of_day(MONDAYS[5]))
    page = desk.page
    await drag(page, page.locator(".visit"), page.locator("[data-free][data-resource=schalter-2]"), down=150)
    await desk.press("Verlegen", within=page.locator("#frage"))
    await expect(page.locator(".visit")).to_have_attribute("data-resource", "schalter-2")
    await is_fine(page, "counter-day-moved")

    await page.set_viewport_size(DESKTOP)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Zurück auf").click()

    await expect(page.locator(".visit")).to_have_attribute("data-resource", "schalter-1")
    await expect(page.locator(".visit")).to_contain_text("9:00")
    await expect(page.get_by_role("button", name="Zurück auf")).to_have_count(0)


async def test_a_counter_that_cannot_do_it_takes_nothing(town: Town, browsers: Browsers) -> None:
    dog = [{"service": "hund", "count": 1}]
    await booked(town, MONDAYS[6], "09:00", "Zelda Beispiel", items=dog, resource="schalter-2")
    desk = await counter(town, await browsers.open(viewport=DESKTOP))
    await desk.goto(of_day(MONDAYS[6]))
    page = desk.page

    await drag(page, page.locator(".visit"), page.locator("[data-free][data-resource=schalter-1]"), down=150)
    await expect(page.locator("#frage")).to_be_hidden()
    await drag(page, page.locator(".visit"), page.locator("[data-free][data-resource=schalter-3]"), down=150)

    await expect(page.locator("#frage")).to_contain_text("Schalter 3 verlegen?")
