"""The systems file, read anew when it changes; a broken one leaves the last good one in force."""

from __future__ import annotations

from pathlib import Path

import structlog
from pydantic import ValidationError

from contracts.systems import Systems, read_systems
from services.intake.metrics import SYSTEMS_BROKEN

log = structlog.stdlib.get_logger()


class SystemsFile:
    """Who may send in, at any moment."""

    def __init__(self, path: Path | None) -> None:
        """Read nothing yet; without a path there are no systems."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._systems = Systems()
        self._problem: str | None = None

    def current(self) -> Systems:
        """Return what the file says now, or has said when it could last be read."""
        if self._path is not None:
            try:
                self._refresh(self._path)
            except (OSError, ValidationError) as error:
                self._broken(error)
        return self._systems

    async def problem(self) -> str | None:
        """Tell readiness what is wrong."""
        self.current()
        return self._problem

    def _refresh(self, path: Path) -> None:
        seen = _version(path)
        if seen == self._seen:
            return
        self._seen = seen
        self._systems = read_systems(path)
        self._problem = None
        SYSTEMS_BROKEN.set(0)
        log.info("systems.read", systems=len(self._systems.systems))

    def _broken(self, error: Exception) -> None:
        self._problem = "cannot be read; the last good one is in force"
        SYSTEMS_BROKEN.set(1)
        log.error("systems.broken", reason=type(error).__name__)


def _version(path: Path) -> tuple[int, int, int]:
    if not path.exists():
        return (0, 0, 0)
    stat = path.stat()
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
