"""Look at a page as people do: on a phone and a desktop, by day and by night, with large letters, without a mouse."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Page, ViewportSize

from tests.browser.visitor import DESKTOP, PHONE

_AXE = (Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js").read_text("utf-8")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_COLOURS = ["color-contrast", "link-in-text-block"]
"""What can be wrong by night only: nothing else depends on colours."""
_RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.map((each) => `${each.id}: ${each.help}\\n` +
    each.nodes.map((node) => `  ${node.html.slice(0, 160)} ${node.failureSummary}`).join("\\n"));
}"""
_NARROWEST = ViewportSize(width=320, height=640)
_SIZES = {"390": PHONE, "1280": DESKTOP}
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_BOXES = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((each) => each.checkVisibility() && !each.classList.contains("skip"))
  .map((each) => {
    const box = each.getBoundingClientRect();
    const isField = ["INPUT", "TEXTAREA", "SELECT"].includes(each.tagName);
    const cut = !isField && getComputedStyle(each).overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1;
    return { what: each.outerHTML.slice(0, 120), cut, rects: [...each.getClientRects()].map(
      (rect) => [rect.left, rect.top, rect.right, rect.bottom]), left: box.left, right: box.right };
  })"""

_STICKING_OUT = """() => [...document.body.querySelectorAll("*")]
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((each) => each.outerHTML.slice(0, 80)).slice(0, 12)"""


async def is_fine(page: Page, name: str) -> None:
    """Hold a page and its state against WCAG 2.2 AA on both sizes and in both colour schemes, and narrow."""
    for size, viewport in _SIZES.items():
        await page.set_viewport_size(viewport)
        for scheme in _SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await _keep_picture(page, f"{name}-{size}-{scheme}")
            violations = await _violations(page, _TAGS if scheme == "light" else _COLOURS)
            assert not violations, f"{name} at {size}, {scheme}:\n" + "\n".join(violations)
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(_NARROWEST)
    await does_not_scroll_sideways(page)
    await page.set_viewport_size(PHONE)


async def _violations(page: Page, rules: list[str]) -> list[str]:
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(_AXE)
    return list(await page.evaluate(_RUN, rules))


async def _keep_picture(page: Page, name: str) -> None:
    """Keep a picture where BROWSER_PICTURES says."""
    folder = os.environ.get("BROWSER_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def does_not_scroll_sideways(page: Page) -> None:
    wide, shown = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= shown, f"{page.url}: {wide} px wide in a window of {shown}: {await page.evaluate(_STICKING_OUT)}"


async def stays_usable_with_large_letters(page: Page) -> None:
    """Text at 200 %: nothing sticks out, is cut off, or lies over another."""
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await does_not_scroll_sideways(page)
    await has_controls_apart(page)
    await page.evaluate("document.documentElement.style.fontSize = ''")


async def has_controls_apart(page: Page) -> None:
    """Every link, field and button lies in the window, whole, and over no other."""
    shown = int(await page.evaluate("document.documentElement.clientWidth"))
    boxes: list[dict[str, Any]] = await page.evaluate(_BOXES)
    outside = [each["what"] for each in boxes if each["left"] < -1 or each["right"] > shown + 1]
    cut = [each["what"] for each in boxes if each["cut"]]
    over = [(one["what"], two["what"]) for one, two in combinations(boxes, 2) if _overlap(one, two)]
    assert (outside, cut, over) == ([], [], []), page.url


def _overlap(one: dict[str, Any], two: dict[str, Any]) -> bool:
    return any(
        min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1
        for a in one["rects"]
        for b in two["rects"]
    )


async def walk(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until an element has the focus; on the way every stop is seen to have it."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        there, style = await page.evaluate(
            """(selector) => { const at = document.activeElement; const style = getComputedStyle(at);
            return [at.matches(selector), [style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
            || style.boxShadow !== "none", at.outerHTML.slice(0, 120)]]; }""",
            selector,
        )
        assert style[0], f"the focus cannot be seen: {style[1]}"
        if there:
            return
    raise AssertionError(f"no way to {selector} with the keyboard")
