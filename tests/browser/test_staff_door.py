"""How a staff device gets in."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine, walk
from tests.browser.town import POOL, Town
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_browser_without_a_device_is_told_what_to_do(visitor: Visitor) -> None:
    await visitor.goto("/dienst")

    await expect(visitor.page.locator("main")).to_contain_text("Dieser Browser ist kein Dienstgerät.")
    await is_fine(visitor.page, "staff-nobody")


async def test_link_and_pin_let_a_device_in_and_out_again(town: Town, visitor: Visitor) -> None:
    device = await town.device("kasse", "attendant", pools=(POOL,))
    await visitor.goto(f"/dienst/{device.token}")
    await expect(visitor.page.locator("#pin")).to_be_focused()
    await is_fine(visitor.page, "staff-pin")

    await visitor.page.keyboard.type(device.pin)
    await visitor.page.keyboard.press("Enter")

    await expect(visitor.page.locator("h1")).to_have_text("Freibad Tangerhütte")
    assert visitor.path == f"/dienst/bad/{POOL}"
    await visitor.press("Abmelden")
    await expect(visitor.page.locator("#pin")).to_be_visible()


async def test_wrong_pins_are_counted_and_lock(town: Town, visitor: Visitor) -> None:
    visitor.expect(401, 423)
    device = await town.device("kasse", "attendant", pools=(POOL,))
    wrong = "0000" if device.pin != "0000" else "1111"
    await visitor.goto(f"/dienst/{device.token}")

    await visitor.page.fill("#pin", wrong)
    await visitor.press("Anmelden")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Die PIN stimmt nicht")
    await is_fine(visitor.page, "staff-pin-wrong")
    for _ in range(6):
        await visitor.page.fill("#pin", wrong)
        await visitor.press("Anmelden")

    await expect(visitor.page.get_by_role("alert")).to_contain_text("Das Gerät ist gesperrt bis")
    await is_fine(visitor.page, "staff-pin-locked")


async def test_a_device_with_several_tasks_chooses(town: Town, visitor: Visitor) -> None:
    await visitor.sign_in(await town.device("leitung", "attendant", "clerk", pools=(POOL,)))

    await expect(visitor.page.locator("h1")).to_have_text("Dienst")
    await is_fine(visitor.page, "staff-start")
    await walk(visitor.page, f"main [href='/dienst/bad/{POOL}']")


async def test_a_device_is_told_what_it_is_not_for(town: Town, visitor: Visitor) -> None:
    await visitor.sign_in(await town.device("kasse", "attendant", pools=(POOL,)))

    await visitor.goto("/dienst/meldungen", status=403)

    await expect(visitor.page.locator("h1")).to_have_text("Dafür ist dieses Gerät nicht freigeschaltet")
    await is_fine(visitor.page, "staff-not-yours")


async def test_a_link_that_nobody_knows_opens_nothing(visitor: Visitor) -> None:
    await visitor.goto("/dienst/kein-solches-geraet", status=404)

    await is_fine(visitor.page, "staff-unknown")
