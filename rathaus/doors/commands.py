"""What `rathaus system` and `rathaus events` do."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

import httpx
from pydantic import ValidationError
from rich.text import Text

from chassis.clock import utc_now
from contracts.foreign import FOREIGN, Foreign
from contracts.systems import ApiKey, ForeignSystem
from rathaus.doors.emit import Answer, Door, event_from_fields, hand_in
from rathaus.doors.systems import OVERLAP, OWN_SYSTEM, SystemsError, SystemsFile, names_of, new_key, new_nkey
from rathaus.embedded.hall import TownHall
from rathaus.embedded.home import Home
from rathaus.embedded.state import read_state
from rathaus.levy.tables import Terminal, plain_table
from rathaus.session import in_town_hall, run_to_exit

DONE, REFUSED = 0, 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registration:
    """A system as the operator describes it."""

    name: str
    source: str
    may: tuple[str, ...]
    pools: tuple[str, ...]
    rate: float
    quota: int
    nats: bool


class SystemCommands:
    """The register of foreign systems of one town hall."""

    def __init__(self, terminal: Terminal, home: Home) -> None:
        """Change nothing yet."""
        self._terminal = terminal
        self._home = home
        self._file = SystemsFile(home)
        home.provision()

    def add(self, wanted: Registration) -> None:
        """Register a system and show its credentials, once."""
        key, entry = new_key(wanted.name, now=utc_now())
        seed, nkey = new_nkey() if wanted.nats else (None, None)

        def register() -> ForeignSystem:
            system = ForeignSystem(
                name=wanted.name,
                source=wanted.source,
                may_send=names_of(wanted.may),
                pools=wanted.pools,
                rate_per_second=wanted.rate,
                daily_quota=wanted.quota,
                nkey=nkey,
                api_keys=(entry,),
            )
            self._file.add(system)
            return system

        system = self._refusing(register)
        self._terminal.say("system_added", name=system.name, events=", ".join(system.may_send))
        self._hand_over(system.name, key, seed)
        if seed is not None:
            self._terminal.say("bus_restarts")

    def remove(self, name: str) -> None:
        """Take a system out."""
        self._refuse_own(name)
        self._refusing(lambda: self._file.remove(name))
        self._terminal.say("system_removed", name=name)

    def rotate_key(self, name: str) -> None:
        """Make a new key and let the old ones run out."""
        self._refuse_own(name)
        key = self._refusing(lambda: self._file.add_key(name, retire_others=True))
        self._hand_over(name, key, None)
        self._terminal.say("key_rotated", date=f"{utc_now() + OVERLAP:%d.%m.%Y}")

    def revoke_key(self, name: str, key_id: str) -> None:
        """Take a key back at once."""
        self._refuse_own(name)
        self._refusing(lambda: self._file.revoke_key(name, key_id))
        self._terminal.say("key_revoked", name=name, key_id=key_id)

    def show(self) -> None:
        """List who may send what."""
        say = self._terminal.words.say
        headers = (say(key) for key in ("system", "source", "may_send", "limits", "access"))
        table = plain_table(say("systems"), *headers)
        for each in self._refusing(self._file.all).systems:
            may = "\n".join((*each.may_send, *([say("pools_cell", pools=", ".join(each.pools))] if each.pools else [])))
            limits = say(
                "limits_cell", rate=f"{each.rate_per_second:g}", quota=self._terminal.words.number(each.daily_quota)
            )
            access = [*(self._key_cell(key) for key in each.api_keys), *(["NATS"] if each.nkey else [])]
            table.add_row(each.name, each.source, may, limits, "\n".join(access))
        self._terminal.console.print(table)

    def _key_cell(self, key: ApiKey) -> str:
        if key.expires_at is None:
            return self._terminal.words.say("key_cell", key_id=key.id)
        word = "key_until_cell" if key.expires_at > utc_now() else "expired_cell"
        return self._terminal.words.say(word, key_id=key.id, date=f"{key.expires_at:%d.%m.%Y}")

    def _hand_over(self, name: str, key: str, seed: str | None) -> None:
        self._terminal.say("hand_over")
        self._terminal.say("api_key", api_key=key)
        if seed is not None:
            self._terminal.say("nkey_seed", seed=seed)
        state = read_state(self._home)
        if state is None or not state.is_alive() or "intake" not in state.addresses:
            self._terminal.say("address_later")
            return
        self._terminal.say("address_http", url=state.addresses["intake"])
        if seed is not None:
            self._terminal.say("address_nats", url=state.nats_url, name=name)

    def _refuse_own(self, name: str) -> None:
        if name == OWN_SYSTEM:
            self._terminal.say("own_system")
            sys.exit(REFUSED)

    def _refusing(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except SystemsError as error:
            self._terminal.say(error.key, **error.values)
        except ValidationError as error:
            self._terminal.say("invalid_system", why=_why(error))
        sys.exit(REFUSED)


def _why(error: ValidationError) -> str:
    """Name the fields that do not fit and what is expected."""
    return "; ".join(f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors())


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
    if wanted.url is not None and wanted.key_file is not None:
        door = Door(wanted.url, wanted.key_file.read_text("utf-8").strip())
        sys.exit(asyncio.run(_emit(terminal, door, _content(terminal, wanted, wanted.source or ""))))

    async def through_our_door(hall: TownHall) -> int:
        own = SystemsFile(hall.home).all().named(OWN_SYSTEM)
        content = _content(terminal, wanted, wanted.source or (own.source if own else ""))
        door = Door(hall.state().addresses["intake"], hall.home.clerk_key.read_text("utf-8").strip())
        return await _emit(terminal, door, content)

    run_to_exit(in_town_hall(data, terminal, through_our_door, serve=False))


def _content(terminal: Terminal, wanted: Emission, source: str) -> bytes:
    if wanted.event == "-":
        return sys.stdin.buffer.read()
    path = Path(wanted.event)
    if path.is_file():
        return path.read_bytes()
    try:
        event = event_from_fields(wanted.event, wanted.fields, source=source, event_id=wanted.event_id)
    except SystemsError as error:
        key = "no_file_or_event" if error.key == "no_such_event" else error.key
        terminal.say(key, **error.values)
        sys.exit(REFUSED)
    return json.dumps(event, ensure_ascii=False).encode()


async def _emit(terminal: Terminal, door: Door, content: bytes) -> int:
    try:
        answer = await hand_in(door, content)
    except httpx.TransportError:
        terminal.say("door_away", url=door.url)
        return REFUSED
    if not answer.accepted:
        _say_refusal(terminal, answer)
        return REFUSED
    for each in answer.body["events"]:
        terminal.say(f"event_{each['outcome']}", id=each["id"])
    return DONE


def _say_refusal(terminal: Terminal, answer: Answer) -> None:
    terminal.say("event_refused", status=answer.status, title=answer.body.get("title", ""))
    if answer.body.get("detail"):
        terminal.say("event_detail", detail=answer.body["detail"])
    for each in answer.body.get("findings", ()):
        terminal.say("event_finding", pointer=each["pointer"] or "/", message=each["message"])


def show_types(terminal: Terminal) -> None:
    """List the events that may come from outside."""
    say = terminal.words.say
    table = plain_table(say("foreign_events"), say("event"), say("meaning"), say("fields"))
    for event in FOREIGN:
        meaning = event.german if terminal.words.language == "de" else (event.__doc__ or "").split("\n")[0]
        table.add_row(event.name, meaning, _fields_of(event))
    terminal.console.print(table)


def _fields_of(event: type[Foreign]) -> Text:
    parts = [(name, "bold" if field.is_required() else "") for name, field in event.model_fields.items()]
    return Text(", ").join(Text(name, style=style) for name, style in parts)
