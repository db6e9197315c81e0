"""Requests that no page of ours makes: they are answered in words, and go no further."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from chassis.http import make_app
from services.portal.main import build
from services.portal.settings import PortalSettings
from tests.portal.component.town import HOME, POOL, Portal


@pytest.fixture
async def browser(lonely: Portal) -> AsyncGenerator[httpx.AsyncClient]:
    async with lonely.visitor() as client:
        yield client


@pytest.mark.parametrize("path", ["/impressum", "/en/gibt-es-nicht"])
async def test_a_form_sent_to_no_form_is_told_in_words(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.post(path)

    assert answer.status_code == 405
    assert ("There is no such page" if path.startswith("/en") else "Diese Seite gibt es nicht") in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_portal_that_starts_says_so_in_words(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)
    settings = PortalSettings(key_file=tmp_path / "key")
    service = build(settings)
    app = make_app(settings, service.health, service.routes, tell=service.tell)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOME) as browser:
        answer = await browser.get("/")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "Das geht im Moment nicht" in answer.text
    for stop in service.on_stop:
        await stop()


@pytest.mark.parametrize("name", ["%0A", "%2e%2e", "%2e", f"{POOL}%3Fx=1", f"{POOL}%23", f"{POOL}%5C", "a" * 400])
@pytest.mark.parametrize("path", ["/bad/", "/api/pools/", "/abo/einstellungen/", "/abo/abmelden/"])
async def test_a_name_that_would_change_what_a_service_is_asked_is_no_name(
    browser: httpx.AsyncClient, path: str, name: str
) -> None:
    assert (await browser.get(httpx.URL(HOME, raw_path=f"{path}{name}".encode()))).status_code == 404


@pytest.mark.parametrize("path", ["/abo", "/abo/push"])
async def test_a_body_of_unknown_length_is_not_read(browser: httpx.AsyncClient, path: str) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        yield b"email="
        yield b"x" * 10_000

    assert (await browser.post(path, content=endless())).status_code == 413


async def test_asking_for_the_head_of_the_stream_ends(browser: httpx.AsyncClient) -> None:
    async with asyncio.timeout(5):
        answer = await browser.head("/ereignisse")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"


async def test_a_page_of_the_staff_leads_back_to_the_staff(browser: httpx.AsyncClient) -> None:
    missing = await browser.get("/dienst/bad/a/b/c")

    assert 'href="/dienst"' in missing.text


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/einfach/", "/einfach"),
        ("/bad/", "/bad"),
        ("//evil.example/", "/evil.example"),
        ("/%5Cx.example/", "/%5Cx.example"),
    ],
)
async def test_a_slash_at_the_end_is_overlooked(browser: httpx.AsyncClient, path: str, meant: str) -> None:
    answer = await browser.get(httpx.URL(HOME, raw_path=path.encode()))

    assert (answer.status_code, answer.headers["location"]) == (307, meant)
