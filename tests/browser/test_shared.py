"""What others take from us: the widget in a foreign page, the poster, the description of the machine interface."""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium
import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine
from tests.browser.town import POOL, Town
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
NEWSPAPER = "http://zeitung.example/"


async def test_the_widget_stands_in_a_foreign_page(town: Town, visitor: Visitor) -> None:
    frame = f'<!doctype html><title>Zeitung</title><iframe title="Freibad" src="{town.url}/bad/{POOL}/widget"></iframe>'
    await visitor.page.route(f"{NEWSPAPER}**", lambda route: route.fulfill(body=frame, content_type="text/html"))
    await visitor.page.goto(NEWSPAPER)

    await expect(visitor.page.frame_locator("iframe").locator("body")).to_contain_text("Freibad Tangerhütte")


@pytest.mark.parametrize("prefix", ["", "/en", "/einfach"])
async def test_the_widget_itself_is_fine(visitor: Visitor, prefix: str) -> None:
    await visitor.goto(f"{prefix}/bad/{POOL}/widget")

    await is_fine(visitor.page, f"widget{prefix.replace('/', '-')}")


@pytest.mark.parametrize("path", [f"/bad/{POOL}/einbetten", f"/en/bad/{POOL}/einbetten", "/api", "/en/api"])
async def test_who_wants_to_use_it_reads_how(visitor: Visitor, path: str) -> None:
    await visitor.goto(path)

    await is_fine(visitor.page, path.strip("/").replace("/", "-"))


async def test_the_poster_fills_one_sheet(visitor: Visitor) -> None:
    await visitor.goto(f"/bad/{POOL}/plakat")
    await is_fine(visitor.page, "poster")

    printed = pdfium.PdfDocument(BytesIO(await visitor.page.pdf(prefer_css_page_size=True)))

    assert len(printed) == 1
    printed.close()


async def test_a_printed_page_begins_with_its_matter(town: Town, visitor: Visitor) -> None:
    await town.close_pool(POOL, hours=2)
    await visitor.goto(f"/bad/{POOL}")

    await visitor.page.emulate_media(media="print")

    await expect(visitor.page.locator("#banner")).to_be_hidden()
    await expect(visitor.page.locator("#stand")).to_contain_text("Geschlossen")
    adjust = await visitor.page.locator("#stand .kern-icon").first.evaluate(
        "each => getComputedStyle(each).printColorAdjust"
    )
    assert adjust == "exact"
