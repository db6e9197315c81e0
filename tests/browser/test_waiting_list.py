"""The waiting list with script off, the way back from a hasty no, and the pages in each language."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine
from tests.browser.town import Town
from tests.browser.visitor import Browsers, Visitor
from tests.browser.visits import LOST, proven
from tests.support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def fill_in(visitor: Visitor, email: str, *, prefix: str = "") -> None:
    await visitor.goto(f"{prefix}/termin/warteliste?anliegen={LOST}")
    await visitor.page.fill("#name", "Kim Muster")
    await visitor.page.fill("#email", email)


async def send(visitor: Visitor) -> None:
    async with visitor.page.expect_navigation():
        await visitor.page.locator("main form button[type=submit]").click()


@pytest.mark.parametrize("prefix", ["", "/en", "/einfach"])
async def test_with_script_off_one_click_in_the_mail_puts_one_on_the_list(
    town: Town, browsers: Browsers, prefix: str
) -> None:
    plain = await browsers.open(java_script_enabled=False)
    email = f"ohne{prefix.strip('/')}@example.org"
    await fill_in(plain, email, prefix=prefix)

    await send(plain)

    await expect(plain.page.get_by_text("o***@example.org")).to_be_visible()
    entry, elsewhere = plain.path, await browsers.open()
    await elsewhere.goto(entry)
    await is_fine(elsewhere.page, f"waiting-unconfirmed{prefix.replace('/', '-')}")
    await elsewhere.goto(await town.post.link(email, "warteliste"))
    await is_fine(elsewhere.page, f"waiting-confirm{prefix.replace('/', '-')}")
    await send(elsewhere)
    assert elsewhere.path == entry
    # An offer may be there already, below it.
    await expect(elsewhere.page.get_by_role("status").first).not_to_contain_text("o***")
    await is_fine(elsewhere.page, f"waiting-joined{prefix.replace('/', '-')}")


@pytest.mark.parametrize(
    ("prefix", "no", "undo"),
    [
        ("", "Nein, weiter warten", "Doch: bitte noch einmal anbieten"),
        ("/en", "No, keep waiting", "Actually, offer it again"),
        ("/einfach", "Nein, ich warte weiter", "Doch, ich will den Termin"),
    ],
)
async def test_who_has_declined_by_mistake_is_offered_the_same_time_again(
    town: Town, visitor: Visitor, prefix: str, no: str, undo: str
) -> None:
    email, page = f"doch{prefix.strip('/')}@example.org", visitor.page
    await fill_in(visitor, email, prefix=prefix)
    await proven(page)
    await send(visitor)
    first = await town.post.link(email, "angebot")
    await visitor.goto(first)
    time = await page.locator("main .accent strong").first.inner_text()
    await is_fine(page, f"waiting-offer{prefix.replace('/', '-')}")
    await visitor.press(no)
    await is_fine(page, f"waiting-declined{prefix.replace('/', '-')}")

    await visitor.press(undo)

    async def offered_again() -> bool:
        link = await town.post.link(email, "angebot")
        if link == first:
            return False
        await visitor.goto(link)
        shown = page.locator("main .accent strong").first
        return await shown.count() > 0 and await shown.inner_text() == time

    await eventually(offered_again)
