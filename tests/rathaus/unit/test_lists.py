"""Lists of what came from outside, as a clerk reads them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from contracts.topology import CARETAKER
from rathaus.bus.commands import with_caretaker
from rathaus.embedded.hall import TownHall
from rathaus.embedded.home import Home
from rathaus.levy.changes import with_changes
from rathaus.levy.tables import Terminal
from rathaus.words import Words
from tests.rathaus.unit.answering import answering
from tests.rathaus.unit.states import a_state

REPORT = UUID("3f1c2b1a-0000-4000-8000-000000000001")
PAYMENT = {"reference": "2026.000002.1", "amount": "19.74", "paid_on": "2026-11-20", "payer": "A\x1b[2JB"}
Work = Callable[[TownHall, Terminal], Awaitable[int]]


async def seen(tmp_path: Path, service: str, answer: object, work: Work) -> str:
    """Return what some work shows of a service that gives one answer."""
    home = Home.at(tmp_path)
    home.provision()
    console = Console(record=True, width=160)
    with answering(200, json.dumps(answer).encode()) as url:
        state = a_state(pid=1, birth="", addresses={service: url})
        assert await work(TownHall(home, lambda: state, ours=True), Terminal(console, Words("de"))) == 0
    return console.export_text()


def a_change(**changed: Any) -> dict[str, Any]:
    given = {"report_id": str(REPORT), "kind": "payment", "reported_by": "kasse", "body": PAYMENT}
    return {**given, "received_at": "2026-11-30T23:30:00+00:00", **changed}


async def show_changes(hall: TownHall, terminal: Terminal) -> int:
    return await with_changes(hall, terminal, lambda desk: desk.show())


async def test_a_change_is_dated_in_the_time_of_the_town_and_steers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")

    shown = await seen(tmp_path, "notices", [a_change()], show_changes)

    assert ("01.12.2026" in shown, "A?[2JB" in shown) == (True, True)


@pytest.mark.parametrize("body", [{}, None])
async def test_a_change_whose_body_is_erased_is_still_known(tmp_path: Path, body: object) -> None:
    shown = await seen(tmp_path, "notices", [a_change(body=body)], show_changes)

    assert (str(REPORT)[:8] in shown, "nach Ablauf der Frist gelöscht" in shown) == (True, True)


def a_letter(number: int) -> dict[str, Any]:
    buried = "2026-11-30T23:30:00+00:00"
    return {
        **dict.fromkeys(("event_type", "first_at", "last_at", "traceparent")),
        "number": number,
        "durable": "x",
        "subject": f"a\x1b]0;b.{number}",
        "event_key": "",
        "reason": "\x07",
        "attempts": 6,
        "buried_at": buried,
        "kept": False,
        "body": {"of": "\x9b2J"},
    }


async def test_a_long_list_of_dead_letters_ends_with_how_many_there_are_beyond_it(tmp_path: Path) -> None:
    letters = [a_letter(number) for number in range(1, 101)]

    async def work(hall: TownHall, terminal: Terminal) -> int:
        return await with_caretaker(hall, terminal, lambda bus: bus.list_letters(None, None, after=0))

    shown = await seen(tmp_path, CARETAKER, letters, work)

    assert "Es gibt weitere: 100. Weiter mit --after 100" in shown
    assert shown.index("b.1 ") < shown.index("b.100 ")
    assert [each for each in ("\x1b", "\x07") if each in shown] == []


async def test_the_body_of_a_dead_letter_steers_nothing(tmp_path: Path) -> None:
    async def work(hall: TownHall, terminal: Terminal) -> int:
        return await with_caretaker(hall, terminal, lambda bus: bus.show(1))

    shown = await seen(tmp_path, CARETAKER, a_letter(1), work)

    assert '"of": "?2J"' in shown
