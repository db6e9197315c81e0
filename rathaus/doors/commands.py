"""What `rathaus system` does, and which events there are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError
from rich.text import Text

from chassis.clock import utc_now
from contracts.foreign import FOREIGN, Foreign
from contracts.systems import ApiKey, ForeignSystem
from rathaus.doors.systems import (
    OVERLAP,
    OWN_SYSTEM,
    SystemsError,
    SystemsFile,
    names_of,
    new_key,
    new_nkey,
    why_invalid,
)
from rathaus.doors.today import SystemToday, running_hall, today_of
from rathaus.embedded.home import Home
from rathaus.levy.tables import Terminal, cell, plain_table
from rathaus.session import FAILED, REFUSED, UNUSABLE_FOLDER
from rathaus.words import TOWN_TIME

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

    def add(self, wanted: Registration) -> None:
        """Register a system and show its credentials, once; a folder that is not there becomes a town hall."""
        self._refuse_own(wanted.name)
        key, entry = new_key(wanted.name, now=utc_now())
        seed, nkey = new_nkey() if wanted.nats else (None, None)

        def register() -> ForeignSystem:
            names = names_of(wanted.may)
            if not wanted.pools and any(name.startswith("pool_") for name in names):
                raise SystemsError("no_pools")
            system = ForeignSystem(
                name=wanted.name,
                source=wanted.source,
                may_send=names,
                pools=wanted.pools,
                rate_per_second=wanted.rate,
                daily_quota=wanted.quota,
                nkey=nkey,
                api_keys=(entry,),
            )
            if not self._home.is_there():
                self._home.provision()
                self._terminal.say("new_hall", path=self._home.root)
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
        self._terminal.say("key_rotated", date=f"{(utc_now() + OVERLAP).astimezone(TOWN_TIME):%d.%m.%Y}")

    def revoke_key(self, name: str, key_id: str) -> None:
        """Take a key back at once."""
        self._refuse_own(name)
        self._refusing(lambda: self._file.revoke_key(name, key_id))
        self._terminal.say("key_revoked", name=name, key_id=key_id)

    def show(self) -> None:
        """List who may send what and, when the town hall runs, what they have sent today."""
        say, number = self._terminal.words.say, self._terminal.words.number
        systems = self._refusing(self._file.all).systems
        today = self._today()
        headers = ("system", "source", "may_send", "limits", "access", *(("today",) if today else ()))
        table = plain_table(say("systems"), *(say(key) for key in headers))
        for column, header in zip(table.columns, headers, strict=True):
            column.no_wrap = header in {"may_send", "today"}
        for each in systems:
            may = "\n".join((*each.may_send, *([say("pools_cell", pools=", ".join(each.pools))] if each.pools else [])))
            limits = say("limits_cell", rate=f"{each.rate_per_second:g}", quota=number(each.daily_quota))
            access = [*(self._key_cell(key) for key in each.api_keys), *(["NATS"] if each.nkey else [])]
            counts = [self._today_cell(today.get(each.name))] if today else []
            table.add_row(*(cell(text) for text in (each.name, each.source, may, limits, "\n".join(access), *counts)))
        self._terminal.console.print(table)

    def _today(self) -> dict[str, SystemToday]:
        """Ask the door, if it is there; no town hall is started for this."""
        state = running_hall(self._home)
        if state is None:
            return {}
        today = today_of(self._home, state)
        if today is None:
            self._terminal.say("today_unknown")
        return today or {}

    def _today_cell(self, today: SystemToday | None) -> str:
        if today is None:
            return ""
        number = self._terminal.words.number
        return self._terminal.words.say(
            "today_cell", accepted=number(today.accepted_today), waiting=number(today.waiting_reports)
        )

    def _key_cell(self, key: ApiKey) -> str:
        if key.expires_at is None:
            return self._terminal.words.say("key_cell", key_id=key.id)
        word = "key_until_cell" if key.expires_at > utc_now() else "expired_cell"
        return self._terminal.words.say(word, key_id=key.id, date=f"{key.expires_at.astimezone(TOWN_TIME):%d.%m.%Y}")

    def _hand_over(self, name: str, key: str, seed: str | None) -> None:
        self._terminal.say("hand_over")
        self._terminal.say("api_key", api_key=key)
        if seed is not None:
            self._terminal.say("nkey_seed", seed=seed)
        state = running_hall(self._home)
        if state is None:
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
            sys.exit(error.status)
        except ValidationError as error:
            self._terminal.say("invalid_system", why=why_invalid(error))
            sys.exit(REFUSED)
        except UNUSABLE_FOLDER as error:
            self._terminal.say("unwritable", path=error.filename)
            sys.exit(FAILED)


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
