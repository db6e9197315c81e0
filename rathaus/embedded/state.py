"""Who runs the town hall of a folder, and where it is reached."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rathaus.embedded.files import write_whole
from rathaus.embedded.home import Home
from rathaus.embedded.nursery import HIGH_FD


class HallState(BaseModel):
    """What a second command needs in order to use a running town hall."""

    model_config = ConfigDict(frozen=True)

    pid: int
    birth: str
    """Start time of that process in kernel ticks: a process id alone may have gone to somebody else."""
    ready: bool
    nats_url: str
    portal_url: str
    """Where citizens find the portal."""
    provider: Literal["simulator", "external"]
    addresses: dict[str, str]
    """Base URL of each service and simulator."""
    processes: dict[str, int]
    """Process id by process name."""

    def is_alive(self) -> bool:
        """Say whether the supervisor that wrote this still lives."""
        return birth_of(self.pid) == self.birth


def birth_of(pid: int) -> str | None:
    """Return when a process started; None when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]


def write_state(home: Home, state: HallState) -> None:
    """Publish the state, whole or not at all."""
    write_whole(_state_file(home), state.model_dump_json(indent=2) + "\n")


def read_state(home: Home) -> HallState | None:
    """Return the last published state; None when there is none that can be read."""
    try:
        return HallState.model_validate_json(_state_file(home).read_bytes())
    except (OSError, ValidationError):
        return None


def forget_state(home: Home) -> None:
    """Remove the state of a town hall that has stopped."""
    _state_file(home).unlink(missing_ok=True)


def _state_file(home: Home) -> Path:
    return home.run / "state.json"


class Lock:
    """One town hall per folder.

    Every child inherits the descriptor, so the lock is free only when the last process of an earlier town hall is
    gone, also after a SIGKILL of its supervisor.
    """

    def __init__(self, path: Path) -> None:
        """Open the file; nothing is locked yet."""
        low = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.fd = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, HIGH_FD)
        os.close(low)

    def take(self, *, shared: bool = False) -> bool:
        """Take it without waiting; False when somebody else has it."""
        try:
            fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go of our part of it."""
        os.close(self.fd)


def hall_lock(home: Home) -> Lock:
    """Return the lock that the town hall of a folder holds while any of its processes lives."""
    return Lock(home.run / "lock")


def guest_lock(home: Home) -> Lock:
    """Return the lock that commands share while they use a town hall that another command has started."""
    return Lock(home.run / "guests")
