"""Messages and their history; the pages that every site must have; what cannot be found."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine
from tests.browser.town import POOL, Town
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_message_with_update_and_all_clear(town: Town, visitor: Visitor) -> None:
    incident = await town.announce("Vollsperrung der Bismarckstraße")
    await town.update(incident, "Sperrung nur noch halbseitig")
    await visitor.goto("/meldungen")
    await is_fine(visitor.page, "news")
    await visitor.goto(f"/meldungen/{incident}")
    await is_fine(visitor.page, "incident-updated")

    await town.end(incident)
    await visitor.goto(f"/meldungen/{incident}")

    await expect(visitor.page.locator(".timeline > li")).to_have_count(3)
    await is_fine(visitor.page, "incident-ended")


async def test_a_message_in_german_only_says_so_to_others(town: Town, visitor: Visitor) -> None:
    incident = await town.announce("Wasserrohrbruch in Lüderitz", category="other", german_only=True)

    await visitor.goto(f"/en/meldungen/{incident}")

    await expect(visitor.page.locator("h1[lang=de]")).to_have_text("Wasserrohrbruch in Lüderitz")
    await is_fine(visitor.page, "incident-german")
    await town.end(incident)
    await visitor.goto("/en/meldungen")
    await is_fine(visitor.page, "news-en")


@pytest.mark.parametrize("page", ["datenschutz", "barrierefreiheit", "impressum"])
async def test_what_every_site_must_have(visitor: Visitor, page: str) -> None:
    for prefix in ("", "/en", "/einfach"):
        await visitor.goto(f"{prefix}/{page}")

        await is_fine(visitor.page, f"{page}{prefix.replace('/', '-')}")


@pytest.mark.parametrize("path", ["/gibt/es/nicht", "/bad/nirgends", "/meldungen/00000000-0000-4000-8000-000000000000"])
async def test_what_nobody_knows_is_told_in_words(visitor: Visitor, path: str) -> None:
    await visitor.goto(path, status=404)

    await expect(visitor.page.locator("h1")).to_have_text("Diese Seite gibt es nicht")
    await is_fine(visitor.page, "missing")


async def test_the_language_changes_and_the_page_stays(visitor: Visitor) -> None:
    await visitor.goto(f"/bad/{POOL}")

    await visitor.page.get_by_role("link", name="English").click()
    await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    english = visitor.path
    await visitor.page.get_by_role("link", name="Einfache Sprache").click()
    await expect(visitor.page.locator("#stand")).to_contain_text("Offen")

    assert (english, visitor.path) == (f"/en/bad/{POOL}", f"/einfach/bad/{POOL}")
