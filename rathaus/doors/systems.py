"""The file of foreign systems, edited under a lock and replaced whole."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import nkeys
from pydantic import ValidationError

from chassis.clock import utc_now
from contracts.foreign import FOREIGN
from contracts.systems import KEY_PREFIX, ApiKey, ForeignSystem, Systems, read_systems
from rathaus.embedded.files import write_whole
from rathaus.embedded.home import Home
from rathaus.embedded.plan import town_of

OWN_SYSTEM = "rathaus"
"""The town hall itself: `rathaus events emit` comes through the door like everybody else."""
OVERLAP = timedelta(days=7)
_SECRET_BYTES = 32
_KEY_ID_BYTES = 4


class SystemsError(Exception):
    """What was asked for cannot be; the text is a key of the words, with values."""

    status = 2

    def __init__(self, key: str, **values: object) -> None:
        """Keep what to tell."""
        super().__init__(key)
        self.key = key
        self.values = values


class SystemsUnreadableError(SystemsError):
    """The file is not as described; somebody has to mend it."""

    status = 1


class SystemsFile:
    """The systems of one town hall."""

    def __init__(self, home: Home, environment: Mapping[str, str] = os.environ) -> None:
        """Read nothing yet; the environment tells which town it is."""
        self._home = home
        self._town = town_of(environment)

    def all(self) -> Systems:
        """Return what stands in the file; SystemsUnreadableError when that is not to be understood."""
        try:
            return read_systems(self._home.systems)
        except ValidationError as error:
            why = why_invalid(error)
        except OSError as error:
            why = error.strerror
        raise SystemsUnreadableError("systems_unreadable", file=self._home.systems, why=why)

    def own_source(self) -> str:
        """Return the source of the town hall's own events, also before its first start."""
        own = self.all().named(OWN_SYSTEM)
        return own.source if own is not None else self._source

    def add(self, system: ForeignSystem) -> None:
        """Register a system; SystemsError when its name or source is taken."""
        with self._editing() as systems:
            _refuse_taken(system, systems)
            systems.append(system)

    def remove(self, name: str) -> None:
        """Take a system out: its keys open nothing any more."""
        with self._editing() as systems:
            systems.remove(_of(systems, name))

    def add_key(self, name: str, *, retire_others: bool) -> str:
        """Give a system another API key and return it; the others may be used for some days more."""
        key, entry = new_key(name, now=utc_now())
        with self._editing() as systems:
            system = _of(systems, name)
            old = tuple(_retired(each, at=utc_now() + OVERLAP) if retire_others else each for each in system.api_keys)
            systems[systems.index(system)] = system.model_copy(update={"api_keys": (*old, entry)})
        return key

    def revoke_key(self, name: str, key_id: str) -> None:
        """Take an API key back at once."""
        with self._editing() as systems:
            system = _of(systems, name)
            kept = tuple(each for each in system.api_keys if each.id != key_id)
            if len(kept) == len(system.api_keys):
                known = ", ".join(each.id for each in system.api_keys)
                raise SystemsError("no_such_key", key_id=key_id, name=name, known=known or "-")
            systems[systems.index(system)] = system.model_copy(update={"api_keys": kept})

    def provide_own(self) -> None:
        """Register the town hall itself, once."""
        if self.all().named(OWN_SYSTEM) is not None and self._home.clerk_key.exists():
            return
        with self._editing():
            pass

    @property
    def _source(self) -> str:
        return f"//rathaus/{self._town}/clerk"

    @contextmanager
    def _editing(self) -> Generator[list[ForeignSystem]]:
        """Give the systems to change, the town hall itself among them, so that nobody takes its name or source."""
        self._home.provision()
        with (self._home.run / "systems.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            systems = list(self.all().systems)
            key = self._include_own(systems)
            yield systems
            whole = Systems(systems=tuple(systems))
            write_whole(self._home.systems, whole.model_dump_json(indent=2, exclude_none=True) + "\n")
            if key is not None:
                write_whole(self._home.clerk_key, key + "\n")

    def _include_own(self, systems: list[ForeignSystem]) -> str | None:
        """Put the town hall first and return its new key; None when it is there and has one."""
        others = [each for each in systems if each.name != OWN_SYSTEM]
        if len(others) < len(systems) and self._home.clerk_key.exists():
            return None
        key, entry = new_key(OWN_SYSTEM, now=utc_now())
        own = ForeignSystem(
            name=OWN_SYSTEM,
            source=self._source,
            may_send=tuple(event.name for event in FOREIGN),
            all_pools=True,
            api_keys=(entry,),
        )
        _refuse_taken(own, others)
        systems[:] = [own, *others]
        return key


def why_invalid(error: ValidationError) -> str:
    """Name the fields that do not fit and what is expected."""
    found = ((".".join(str(part) for part in each["loc"]), each["msg"]) for each in error.errors(include_input=False))
    return "; ".join(f"{field}: {message}" if field else message for field, message in found)


def new_key(system: str, *, now: datetime) -> tuple[str, ApiKey]:
    """Make an API key; only its hash is kept."""
    key_id = secrets.token_hex(_KEY_ID_BYTES)
    key = f"{KEY_PREFIX}_{system}_{key_id}_{secrets.token_hex(_SECRET_BYTES)}"
    return key, ApiKey(id=key_id, sha256=hashlib.sha256(key.encode()).hexdigest(), created_at=now)


def new_nkey() -> tuple[str, str]:
    """Make an NKey; return the seed for the system and the public key for the file."""
    seed = nkeys.encode_seed(os.urandom(_SECRET_BYTES), nkeys.PREFIX_BYTE_USER)
    return seed.decode(), nkeys.from_seed(seed).public_key.decode()


def names_of(wanted: Iterable[str]) -> tuple[str, ...]:
    """Complete event names by their newest version; SystemsError for one that nobody may send."""
    return tuple(_name_of(each) for each in wanted)


def _name_of(wanted: str) -> str:
    fitting = sorted(event.name for event in FOREIGN if wanted in (event.name, event.name.rpartition(".")[0]))
    if not fitting:
        raise SystemsError("no_such_event", name=wanted, known=", ".join(event.name for event in FOREIGN))
    return fitting[-1]


def _refuse_taken(system: ForeignSystem, systems: Iterable[ForeignSystem]) -> None:
    for each in systems:
        if system.name == each.name or system.source == each.source:
            raise SystemsError("system_taken", name=each.name, source=each.source)


def _of(systems: list[ForeignSystem], name: str) -> ForeignSystem:
    for each in systems:
        if each.name == name:
            return each
    raise SystemsError("no_such_system", name=name, known=", ".join(each.name for each in systems) or "-")


def _retired(key: ApiKey, *, at: datetime) -> ApiKey:
    sooner = at if key.expires_at is None else min(at, key.expires_at)
    return key.model_copy(update={"expires_at": sooner})
