"""How soon an open page shows that a pool has closed, and what the first page weighs.

    python -m bench.portal [--taps 20]

Real services as processes on a real bus, a page of the portal open in Chromium, and the attendant's phone beside it.
tap_to_banner   from sending the tap on the staff page until the banner stands in the open page; bar: below 1 s
first_page      octets transferred for the first page with style sheets and scripts, without fonts; bar: below 100,000
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

import httpx
from playwright.async_api import Page, Request, async_playwright

from tests.browser.conftest import FLAGS
from tests.browser.town import POOL, Town, town_of
from tests.portal.component.duty import DUTY, hidden

OURS = {"sec-fetch-site": "same-origin"}
BAR_SECONDS = 1.0
BAR_OCTETS = 100_000
_WATCH = """() => new MutationObserver(() => {
  const closed = document.querySelector("#banner .kern-alert--danger") !== null;
  if (closed !== (window.shown || false)) { window.shown = closed; window.since = Date.now(); }
}).observe(document.getElementById("banner"), { childList: true, subtree: true })"""


async def taps(town: Town, page: Page, number: int) -> list[float]:
    """Close and open again as the attendant does; return the seconds from each closing tap to the banner."""
    device = await town.device("kasse", "attendant", pools=(POOL,))
    banner = page.locator("#banner .kern-alert--danger")
    took: list[float] = []
    async with httpx.AsyncClient(base_url=town.url, headers=OURS, timeout=30) as phone:
        await phone.post(f"/dienst/{device.token}", data={"pin": device.pin})
        for _ in range(number):
            form = hidden((await phone.get(DUTY)).text, f"{DUTY}/schliessen")
            tapped = time.time()
            await phone.post(f"{DUTY}/schliessen", data={**form, "reason": "thunderstorm"})
            await banner.wait_for()
            took.append(float(await page.evaluate("window.since")) / 1000 - tapped)
            form = hidden((await phone.get(DUTY)).text, f"{DUTY}/oeffnen")
            await phone.post(f"{DUTY}/oeffnen", data={**form, "irrtum": ""})
            await banner.wait_for(state="detached")
            await asyncio.sleep(0.3)
    return took


async def octets_of(requests: list[Request]) -> int:
    """Return what came over the wire, headers included, fonts and the endless stream not."""
    counted = [each for each in requests if not each.url.endswith(".woff2") and "/ereignisse" not in each.url]
    sizes = [await each.sizes() for each in counted]
    return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)


async def measure(number: int) -> dict[str, float]:
    """Put up a town and look at it."""
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as name:
        (Path(name) / "nats").mkdir()
        async with town_of(Path(name)) as town, async_playwright() as playwright:
            path = shutil.which("chromium")
            browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
            page = await (await browser.new_context(service_workers="block")).new_page()
            requests: list[Request] = []
            page.on("requestfinished", lambda each: requests.append(each))  # noqa: PLW0108 - Playwright marks it
            await page.goto(town.url)
            await page.wait_for_load_state("load")
            first_page = await octets_of(list(requests))
            await page.evaluate(_WATCH)
            took = await taps(town, page, number)
            await browser.close()
    return {
        "taps": len(took),
        "tap_to_banner_p50_seconds": round(median(took), 3),
        "tap_to_banner_p95_seconds": round(quantiles(took, n=20)[-1], 3),
        "tap_to_banner_bar_seconds": BAR_SECONDS,
        "first_page_octets": first_page,
        "first_page_bar_octets": BAR_OCTETS,
    }


def main() -> None:
    """Measure and print; the last line is JSON."""
    options = argparse.ArgumentParser(description="from the tap to the banner, and the weight of the first page")
    options.add_argument("--taps", type=int, default=20)
    figures = asyncio.run(measure(options.parse_args().taps))
    for key, value in figures.items():
        print(f"{key:28} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
