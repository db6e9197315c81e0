"""Somebody at a browser, and what the browser complains about meanwhile."""

from __future__ import annotations

from contextlib import AsyncExitStack
from itertools import count
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    ViewportSize,
    WebError,
)

from tests.browser.town import CLIENT_HEADER, Device, Town

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=800)
_ABOUT_LOADING = ("Failed to load resource:", "Response Status Error Code")
_clients = count(1)


class Visitor:
    """One browser with cookies of its own and one open page."""

    def __init__(self, context: BrowserContext, page: Page, town: Town, url: str) -> None:
        self.context = context
        self.page = page
        self.town = town
        self.url = url
        self.complaints: list[str] = []
        self._expected: set[str] = set()
        context.on("console", self._hear)
        context.on("weberror", self._fail)

    def expect(self, *what: int | str) -> None:
        """The browser writes these statuses and errors of the net into its console; here they are meant."""
        self._expected |= {str(each) for each in what}

    async def goto(self, path: str, *, status: int = 200) -> Response:
        """Open a page of the portal."""
        if status != 200:
            self.expect(status)
        answer = await self.page.goto(self.url + path)
        assert answer is not None, path
        assert answer.status == status, (path, answer.status)
        return answer

    async def sign_up(self, email: str, *topics: str, prefix: str = "") -> None:
        """Fill in the form and send it."""
        await self.goto(f"{prefix}/abo")
        for topic in topics:
            await self.page.check(f"[id='thema-{topic}']")
        await self.page.fill("#email", email)
        await self.page.locator("main form button[type=submit]").click()
        await self.page.locator("h1[autofocus]").wait_for()

    async def confirm(self, email: str) -> str:
        """Open the link of the mail; the path of the preferences."""
        await self.goto(await self.town.post.link(email, "bestaetigen"))
        return self.path.partition("?")[0]

    async def sign_in(self, device: Device) -> None:
        """Open a device's link and type its PIN."""
        await self.goto(f"/dienst/{device.token}")
        await self.page.fill("#pin", device.pin)
        await self.press("Anmelden")

    async def press(self, name: str, *, within: Page | Locator | None = None) -> None:
        """Click a button and wait for the page it leads to."""
        async with self.page.expect_navigation():
            await (within or self.page).get_by_role("button", name=name, exact=True).click()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    async def heading(self) -> str:
        return await self.page.locator("h1").inner_text()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._is_expected(message.text):
            self.complaints.append(f"{message.text} ({message.location})")

    def _is_expected(self, text: str) -> bool:
        return text.startswith(_ABOUT_LOADING) and any(each in text for each in self._expected)

    def _fail(self, error: WebError) -> None:
        self.complaints.append(str(error.error))


class Browsers:
    """Opens browsers for a test; at its end nothing may have been complained about."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self._browser = browser
        self._town = town
        self._closing = AsyncExitStack()
        self._visitors: list[Visitor] = []

    async def open(self, *, url: str = "", **options: Any) -> Visitor:
        """Open one: a phone in daylight, unless said otherwise."""
        client = {CLIENT_HEADER: f"client-{next(_clients)}"}
        given: dict[str, Any] = {"viewport": PHONE, "reduced_motion": "reduce", "locale": "de-DE", **options}
        context = await self._browser.new_context(extra_http_headers=client, **given)
        self._closing.push_async_callback(context.close)
        visitor = Visitor(context, await context.new_page(), self._town, url or self._town.url)
        visitor.page.set_default_timeout(10_000)
        self._visitors.append(visitor)
        return visitor

    async def close(self) -> list[str]:
        """Close them all; what they complained about."""
        await self._closing.aclose()
        return [each for visitor in self._visitors for each in visitor.complaints]
