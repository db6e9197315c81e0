"""The catalogue page: whole without its script, with nothing from elsewhere, and the program on it runs."""

from __future__ import annotations

import asyncio
import html
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contracts.base import Message
from contracts.catalogue import CATALOGUE
from contracts.foreign import FOREIGN, Foreign
from contracts.topology import DOOR
from tests.contracts.test_generated import CONTRACTS, example_of
from tests.support.nats import Bus
from tools.generating.places import file_name

PAGE = (CONTRACTS / "catalogue.html").read_text("utf-8")
VOID = {"meta", "link", "input"}
everything = pytest.mark.parametrize("known", [*CATALOGUE, *FOREIGN], ids=file_name)


class Outline(HTMLParser):
    """What a browser would make of the page, as far as these tests ask."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(PAGE)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {name: value or "" for name, value in attrs}
        self.seen.add(tag)
        self.ids += [stated["id"]] if "id" in stated else []
        self.links += [stated[name] for name in ("href", "src") if name in stated]
        self.inline += [name for name in stated if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in stated):
            self.inline.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


OUTLINE = Outline()


@everything
def test_everything_that_travels_has_its_entry(known: type[Message | Foreign]) -> None:
    identity = file_name(known).removesuffix(".json")
    entry = PAGE.partition(f'<article class="event" id="{identity}"')[2].partition("</article>")[0]

    assert html.escape(known.german) in entry
    assert f'href="schemas/{file_name(known)}"' in entry
    assert html.escape(example_of(known).strip()) in entry
    assert all(f"<code>{name}</code>" in entry for name in known.model_fields)


def test_every_link_leads_to_a_place_on_the_page_or_a_file_beside_it() -> None:
    for link in OUTLINE.links:
        assert link[1:] in OUTLINE.ids if link.startswith("#") else (CONTRACTS / link).is_file()


def test_the_page_is_well_formed_and_every_id_stands_once() -> None:
    assert OUTLINE.open == []
    assert len(set(OUTLINE.ids)) == len(OUTLINE.ids)
    assert {"header", "nav", "main", "footer", "h1", "label"} <= OUTLINE.seen


def test_nothing_is_inline_so_that_a_strict_policy_can_hold() -> None:
    assert OUTLINE.inline == []


def test_style_and_script_fetch_nothing() -> None:
    for name in ("catalogue.css", "catalogue.js"):
        text = (CONTRACTS / name).read_text("utf-8")
        assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttpRequest|innerHTML", text)


async def test_the_program_on_the_page_sends_an_event_and_fetches_its_receipt(bus: Bus, tmp_path: Path) -> None:
    (program,) = re.findall(r'<code class="nats-example">(.*?)</code>', PAGE, re.DOTALL)
    local = html.unescape(program).replace("nats://rathaus.example:4222", bus.server.url)
    (tmp_path / "send.py").write_text(local)
    (tmp_path / "event.json").write_text(example_of(FOREIGN[0]))
    (tmp_path / "baederamt.seed").write_bytes(bus.server.foreign_seed("baederamt").read_bytes())
    intake = await bus.peer("intake")
    await intake.stream.publish("receipts.baederamt.v1", b"accepted")

    running = await asyncio.create_subprocess_exec(
        sys.executable, "send.py", cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await running.communicate()

    assert (running.returncode, output.decode().splitlines()) == (0, ["received as 1", "accepted"])
    ((subject, _, body),) = await bus.messages(DOOR)
    assert (subject, json.loads(body)["type"]) == ("intake.baederamt", FOREIGN[0].event_type())
