"""One town and one Chromium for all tests of this folder in a worker."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.town import Town, town_of
from tests.browser.visitor import Browsers, Visitor

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=LocalNetworkAccessChecks",  # a page of elsewhere frames our widget
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Town]:
    folder = tmp_path_factory.mktemp("town")
    (folder / "nats").mkdir()
    async with town_of(folder) as found:
        yield found


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def chromium() -> AsyncGenerator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing: tools/setup.sh dev installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browsers(chromium: Browser, town: Town) -> AsyncGenerator[Browsers]:
    """As many browsers as a test needs; none of them may have found fault with our pages."""
    opened = Browsers(chromium, town)
    yield opened
    complaints = await opened.close()
    await town.calm()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browsers: Browsers) -> Visitor:
    return await browsers.open()
