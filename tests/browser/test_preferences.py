"""Settings, the reason of a message, and ways to leave."""

from __future__ import annotations

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.looking import is_fine
from tests.browser.town import POOL, Town
from tests.browser.visitor import Visitor
from tests.support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
TOPIC = f"pool.{POOL}"


async def told(town: Town, visitor: Visitor, email: str) -> str:
    """Sign up and get messages; the path of the preferences."""
    await visitor.sign_up(email, TOPIC)
    own = await visitor.confirm(email)
    await town.close_pool(POOL, hours=2)
    await town.post.link(email, "abmelden")
    await town.open_pool(POOL)

    async def two_came() -> bool:
        held = await town.ask("GET", f"/preferences/{own.rpartition('/')[2]}")
        return [each["state"] for each in held["received"]] == ["sent", "sent"]

    await eventually(two_came)
    return own


async def test_topics_and_language_are_changed(visitor: Visitor) -> None:
    await visitor.sign_up("aendern@example.org", TOPIC)
    own = await visitor.confirm("aendern@example.org")

    await visitor.page.check("[id='thema-place.grieben']")
    await visitor.page.check("#language-plain")
    await visitor.press("Speichern")

    await expect(visitor.page.locator(".kern-alert--success")).to_contain_text("Gespeichert")
    await is_fine(visitor.page, "preferences-saved")
    await visitor.goto(own)
    await expect(visitor.page.locator("[id='thema-place.grieben']")).to_be_checked()
    await expect(visitor.page.locator("#language-plain")).to_be_checked()


async def test_without_a_topic_nothing_is_saved(visitor: Visitor) -> None:
    visitor.expect(422)
    await visitor.sign_up("leer@example.org", TOPIC)
    await visitor.confirm("leer@example.org")

    await visitor.page.uncheck(f"[id='thema-{TOPIC}']")
    await visitor.press("Speichern")

    await expect(visitor.page.get_by_role("alert")).to_be_visible()
    await is_fine(visitor.page, "preferences-wrong")


async def test_everyone_sees_what_came_and_why(town: Town, visitor: Visitor) -> None:
    own = await told(town, visitor, "warum@example.org")

    await visitor.goto(own)
    await is_fine(visitor.page, "preferences-received")
    await visitor.page.get_by_role("link", name="Warum:").first.click()

    await expect(visitor.page.locator("main")).to_contain_text("Freibad Tangerhütte")
    await is_fine(visitor.page, "why")


async def test_why_is_told_in_other_languages_too(town: Town, visitor: Visitor) -> None:
    own = await told(town, visitor, "why@example.org")

    for prefix in ("/en", "/einfach"):
        await visitor.goto(f"{prefix}{own}")
        await is_fine(visitor.page, f"preferences{prefix.replace('/', '-')}")


async def test_who_wants_to_leave_leaves_and_may_come_back(town: Town, visitor: Visitor) -> None:
    await told(town, visitor, "abmelden@example.org")
    link = await town.post.link("abmelden@example.org", "abmelden")

    await visitor.goto(link)
    await is_fine(visitor.page, "unsubscribe")
    await visitor.press("Abbestellen")
    await expect(visitor.page.locator("h1")).to_have_text("Sie sind abgemeldet")
    await is_fine(visitor.page, "unsubscribed")
    await visitor.press("Rückgängig machen")

    await expect(visitor.page.locator("h1")).to_have_text("Alles wie vorher")
    await is_fine(visitor.page, "unsubscribed-undone")


async def test_the_button_of_a_mail_program_needs_no_page(town: Town, visitor: Visitor) -> None:
    await told(town, visitor, "programm@example.org")
    link = await town.post.link("programm@example.org", "abmelden")

    async with httpx.AsyncClient(base_url=town.url) as program:
        answer = await program.post(link, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    await visitor.goto(link)
    await expect(visitor.page.locator("h1")).to_have_text("Sie sind abgemeldet")


async def test_everything_is_erased_after_one_question(visitor: Visitor) -> None:
    await visitor.sign_up("weg@example.org", TOPIC)
    own = await visitor.confirm("weg@example.org")

    await visitor.page.get_by_role("link", name="Alles löschen").click()
    await expect(visitor.page.locator("h1")).to_have_text("Alles löschen")
    await is_fine(visitor.page, "erase")
    await visitor.press("Ja, alles löschen")

    await expect(visitor.page.locator("h1")).to_have_text("Alles ist gelöscht")
    await is_fine(visitor.page, "erased")
    await visitor.goto(own, status=404)
