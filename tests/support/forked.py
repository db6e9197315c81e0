"""Services of tests, forked from a process that has loaded what they share instead of started anew each time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

from rathaus.embedded.nursery import PRELOAD, Life, live
from tests.support.migrated import provide_database

_MODULES = (
    "services.accounts.main",
    "services.appointments.main",
    "services.caretaker.main",
    "services.intake.main",
    "services.portal.main",
    "services.subscriptions.main",
)
"""What is forked; everything else is started as a process of its own."""


@cache
def _context() -> ForkServerContext:
    os.environ["PYTHONUNBUFFERED"] = "1"  # before the fork server begins: logs are read while they are written
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOAD, *_MODULES])
    return context


def is_forked(module: str) -> bool:
    """Say whether a module is started by a fork."""
    return module in _MODULES


class Forked:
    """A child with the interface of `subprocess.Popen` as far as tests use it."""

    def __init__(self, module: str, arguments: list[str], *, log: Path, env: dict[str, str], folder: Path) -> None:
        service = module.split(".")[1]
        provide_database(service, env)
        life = Life(service, module, tuple(arguments), env, log, folder)
        self._process = _context().Process(target=live, args=(life, ()), name=life.name, daemon=True)
        self._process.start()
        self.pid = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self._process.exitcode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
