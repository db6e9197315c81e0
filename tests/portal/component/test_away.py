"""The portal while other services are away: every address answers, in words and with its guard."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from tests.portal.component.town import LANGUAGES, Portal, portal_before
from tests.subscriptions.component.town import NOBODY

FILLED = {"pool": "freibad-tangerhuette", "rest:path": "nirgendwo", "name:path": "nichts.css"}
STREAM = "ereignisse"


def address(path: str) -> str:
    return re.sub(r"{([^}]+)}", lambda found: FILLED.get(found[1], "6f0c7f6e-0000-4000-8000-000000000001"), path)


def paths(portal: Portal, method: str) -> list[str]:
    return [address(each.path) for each in portal.routes if each.method == method and STREAM not in each.path]


@pytest.fixture
async def browser(lonely: Portal) -> AsyncGenerator[httpx.AsyncClient]:
    async with lonely.visitor() as client:
        yield client


async def test_every_page_answers_in_words(lonely: Portal, browser: httpx.AsyncClient) -> None:
    answers = [await browser.get(path) for path in paths(lonely, "GET")]

    assert {each.status_code for each in answers} <= {200, 303, 401, 404, 503}
    assert not [each.url.path for each in answers if each.status_code == 503 and len(each.text) < 20]


async def test_every_page_carries_its_guard(lonely: Portal, browser: httpx.AsyncClient) -> None:
    for path in paths(lonely, "GET"):
        answer = await browser.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert "referrer-policy" in answer.headers, path
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", answer.text), path


async def test_no_form_is_taken_from_another_site(lonely: Portal, browser: httpx.AsyncClient) -> None:
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}

    answers = [await browser.post(path, headers=foreign) for path in paths(lonely, "POST") if "abmelden" not in path]

    assert {each.status_code for each in answers} == {403}
    assert "Dieses Formular kam nicht von unserer Seite" in answers[0].text


@pytest.mark.parametrize("prefix", LANGUAGES)
async def test_the_start_page_stands_without_its_parts(browser: httpx.AsyncClient, prefix: str) -> None:
    answer = await browser.get(prefix or "/")

    assert answer.status_code == 200
    assert 'id="stand"' in answer.text


async def test_a_page_that_needs_the_missing_says_so(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/en/bad/freibad-tangerhuette")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "This is not available right now" in answer.text


async def test_an_address_that_nobody_knows_is_told_in_its_language(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/en/nowhere")

    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)


async def test_links_of_one_person_are_kept_by_nobody(browser: httpx.AsyncClient) -> None:
    for path in ("/abo/einstellungen/x.y", "/en/abo/abmelden/x.y", "/abo/bestaetigen/x.y"):
        answer = await browser.get(path)

        assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
        assert "noindex" in answer.headers["x-robots-tag"]


@pytest.mark.parametrize("path", ["/abo", "/abo/link"])
async def test_a_form_that_is_too_large_is_not_read(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.post(path, data={"email": "x" * 70_000})

    assert answer.status_code == 413


async def test_who_asks_too_often_waits(browser: httpx.AsyncClient) -> None:
    answers = [await browser.post("/abo/link", data={"email": "kim@example.org"}) for _ in range(12)]

    assert (answers[0].status_code, answers[-1].status_code) == (503, 429)


async def test_over_tls_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    async with (
        portal_before(tmp_path, f"http://{NOBODY}", public_url="https://rathaus.example") as portal,
        portal.visitor() as browser,
    ):
        answer = await browser.get("/")

    assert "max-age=" in answer.headers["strict-transport-security"]
