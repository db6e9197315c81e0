"""What `rathaus events emit` does: read or build the events first, then hand them in at a door."""

from __future__ import annotations

import json
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx

from rathaus.doors.emit import Answer, Door, event_from_fields, hand_in
from rathaus.doors.systems import SystemsError, SystemsFile
from rathaus.embedded.hall import TownHall
from rathaus.levy.tables import Terminal
from rathaus.session import in_town_hall, interruptible, require_town_hall, run_to_exit

DONE, REFUSED = 0, 2
_STDIN = "-"
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Emission:
    """An event to send, as the user describes it, and where to."""

    event: str
    fields: tuple[str, ...]
    event_id: str | None
    url: str | None
    key_file: Path | None
    source: str | None


def emit_event(terminal: Terminal, wanted: Emission, data: Path) -> NoReturn:
    """Send an event, and leave with 0 when it was taken in."""
    try:
        sending = _sending(terminal, wanted, data)
    except SystemsError as error:
        terminal.say(error.key, **error.values)
        sys.exit(error.status)
    run_to_exit(sending)


def _sending(terminal: Terminal, wanted: Emission, data: Path) -> Coroutine[Any, Any, int]:
    """Prepare everything that can be wrong before a town hall is started for it."""
    if wanted.url is None and wanted.key_file is None:
        return _through_our_door(terminal, wanted, data)
    door = _other_door(wanted.url, wanted.key_file)
    return interruptible(terminal, _emit(terminal, door, _content(wanted, wanted.source)))


def _through_our_door(terminal: Terminal, wanted: Emission, data: Path) -> Coroutine[Any, Any, int]:
    home = require_town_hall(data, terminal)
    content = _content(wanted, wanted.source or SystemsFile(home).own_source())

    async def emit(hall: TownHall) -> int:
        door = Door(hall.state().addresses["intake"], hall.home.clerk_key.read_text("utf-8").strip())
        return await _emit(terminal, door, content)

    return in_town_hall(data, terminal, emit, serve=False)


def _other_door(url: str | None, key_file: Path | None) -> Door:
    if url is None or key_file is None:
        raise SystemsError("url_and_key")
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise SystemsError("no_url", url=url) from None
    if address.scheme not in {"http", "https"} or not address.host or (address.port or 0) > _HIGHEST_PORT:
        raise SystemsError("no_url", url=url)
    return Door(url, _key_in(key_file))


def _key_in(path: Path) -> str:
    """Read an API key; what cannot stand in a header is none."""
    try:
        key = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if not key or not key.isprintable():
        raise SystemsError("key_unreadable", file=path)
    return key


def _content(wanted: Emission, source: str | None) -> bytes:
    """Return what to hand in: events as they stand in a file or come in, or one that is built from its fields."""
    content = _ready_made(wanted.event)
    if content is None:
        content = _built(wanted, source)
    if b"".join(content.split()) in {b"", b"[]"}:
        raise SystemsError("nothing_to_send")
    return content


def _ready_made(name: str) -> bytes | None:
    if name == _STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes() if Path(name).is_file() else None
    except OSError:
        # Too long for a name, or not ours to read.
        raise SystemsError("event_file_unreadable", file=name) from None


def _built(wanted: Emission, source: str | None) -> bytes:
    try:
        event = event_from_fields(wanted.event, wanted.fields, source=source or "", event_id=wanted.event_id)
    except SystemsError as error:
        if error.key != "no_such_event":
            raise
        raise SystemsError("no_file_or_event", **error.values) from None
    if not source:
        raise SystemsError("source_missing")
    return json.dumps(event, ensure_ascii=False).encode()


async def _emit(terminal: Terminal, door: Door, content: bytes) -> int:
    try:
        answer = await hand_in(door, content)
    except httpx.TransportError:
        terminal.say("door_away", url=door.url)
        return REFUSED
    if not answer.accepted:
        _say_refusal(terminal, door, answer)
        return REFUSED
    for each in answer.body.events:
        terminal.say(f"event_{each.outcome}", id=each.id)
    return DONE


def _say_refusal(terminal: Terminal, door: Door, answer: Answer) -> None:
    said = answer.body
    if not said.title:
        terminal.say("door_strange", url=door.url, status=answer.status)
        return
    terminal.say("event_refused", status=answer.status, title=said.title)
    if said.detail and said.detail not in {each.message for each in said.findings}:
        terminal.say("event_detail", detail=said.detail)
    for each in said.findings:
        terminal.say("event_finding", pointer=each.pointer or "/", message=each.message)
