"""The banner of open pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import httpx

from tests.portal.component.town import Town, portal_process
from tests.support.nats import Bus


async def banner(lines: AsyncIterator[str]) -> str:
    """The next banner that the stream tells."""
    told: list[str] = []
    async for line in lines:
        if line.startswith("data:"):
            told.append(line)
        elif not line and told:
            return "\n".join(told)
    raise AssertionError(told)


async def test_an_open_page_hears_of_a_tap_within_a_second_and_lets_the_process_end(
    bus: Bus, town: Town, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{town.subscriptions.port}"
    async with httpx.AsyncClient(timeout=30) as page, portal_process(bus, tmp_path, url) as portal:
        stream = await page.send(page.build_request("GET", f"{portal}/en/ereignisse"), stream=True)
        lines = stream.aiter_lines()
        before = await banner(lines)
        tapped = monotonic()
        await town.close_pool()
        after = await banner(lines)
        seconds = monotonic() - tapped
        ending = monotonic()
    await stream.aclose()

    assert "is closed" not in before
    assert "Freibad Tangerhütte is closed" in after
    assert seconds < 1
    assert monotonic() - ending < 10
