"""The systems file, read anew when it changes; a broken one leaves the last good one in force.

Where nothing good was ever read, or the file is gone, nobody can be told from a stranger: that is an outage of ours,
and no reason to refuse anybody for good.
"""

from __future__ import annotations

from pathlib import Path

import structlog
from pydantic import ValidationError

from chassis.errors import DependencyDown
from contracts.systems import Systems
from services.intake.metrics import SYSTEMS_BROKEN

log = structlog.stdlib.get_logger()

_DEPENDENCY = "systems file"
_Version = tuple[int, int, int]


class SystemsFile:
    """Who may send in, at any moment."""

    def __init__(self, path: Path | None) -> None:
        """Read nothing yet; without a path there are no systems."""
        self._path = path
        self._systems = Systems() if path is None else None
        self._read: _Version | None = None
        self._problem: str | None = None
        self._told: tuple[str, _Version | None] | None = None

    def current(self) -> Systems:
        """Return what the file says now, or has said when it could last be read; DependencyDown without either."""
        if self._path is not None:
            self._refresh(self._path)
        if self._systems is None:
            raise DependencyDown(_DEPENDENCY)
        return self._systems

    async def problem(self) -> str | None:
        """Tell readiness what is wrong."""
        if self._path is not None:
            self._refresh(self._path)
        return self._problem

    def _refresh(self, path: Path) -> None:
        version: _Version | None = None
        try:
            version = _version(path)
            if version != self._read:
                self._systems = Systems.model_validate_json(path.read_bytes())
                self._read = version
                log.info("systems.read", systems=len(self._systems.systems))
            self._problem = self._told = None
            SYSTEMS_BROKEN.set(0)
        except FileNotFoundError as error:
            self._systems = self._read = None
            self._broken("is missing", error, version)
        except (OSError, ValidationError) as error:
            last = "the last good one is in force" if self._systems else "there is none before it"
            self._broken(f"cannot be read; {last}", error, version)

    def _broken(self, problem: str, error: Exception, version: _Version | None) -> None:
        self._problem = problem
        SYSTEMS_BROKEN.set(1)
        told = (type(error).__name__, version)
        if told != self._told:
            log.error("systems.broken", reason=told[0])
        self._told = told


def _version(path: Path) -> _Version:
    stat = path.stat()
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
