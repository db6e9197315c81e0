"""Python children are forked from one process that has loaded what all of them need.

They share its memory and need not wait for imports: a town hall of many services fits a small machine. The process is
the standard library's fork server; it ends with us, and its children end with it.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Any, TextIO

from chassis.children import dies_with, name_process

_OWN_METRICS = "rathaus.embedded.own_metrics"
PRELOAD = (
    "rathaus.embedded.fork_server",
    "rathaus.embedded.nursery",
    "chassis.storage",
    "chassis.http",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.lifespan.off",
    "anyio._backends._asyncio",
    "concurrent.futures.thread",
    "httpcore",
    "services.accounts.main",
    "services.appointments.main",
    "services.caretaker.main",
    "services.intake.main",
    "services.mailgateway.main",
    "services.notices.main",
    "services.notices.worker",
    "services.portal.main",
    "services.subscriptions.main",
    _OWN_METRICS,
)
"""What is loaded once. Nothing that starts a thread or opens a connection when it is imported.

All services, not only what they share: loading modules writes into pages all over the place. Loaded in the child they
would be its own.
"""
HIGH_FD = 500
"""Descriptors from here on are free in a new child, so that it can have them under the numbers that we know."""


class PassedFd:
    """A descriptor that a child gets under the same number."""

    def __init__(self, fd: int) -> None:
        """Keep which; it is duplicated while the child is being started."""
        self._fd = fd

    def __reduce__(self) -> tuple[Any, ...]:
        """Send it over the fork server's socket."""
        return _received, (DupFd(self._fd), self._fd)


def _received(passed: Any, number: int) -> int:
    fd: int = passed.detach()
    if fd != number:
        os.dup2(fd, number, inheritable=False)
        os.close(fd)
    return number


@dataclass(frozen=True, slots=True)
class Life:
    """What a child is told."""

    name: str
    module: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    folder: Path


class ForkedChild:
    """A child that can be awaited as those of `asyncio.subprocess`."""

    def __init__(self, process: ForkServerProcess) -> None:
        """Take a started process; its end is watched from now on."""
        self._process = process
        self._ended = asyncio.Event()
        self.pid = process.pid or 0
        asyncio.get_running_loop().add_reader(process.sentinel, self._on_end)

    @property
    def returncode(self) -> int | None:
        """None while it lives; negative when a signal ended it."""
        return self._process.exitcode

    async def wait(self) -> int:
        """Wait for its end."""
        await self._ended.wait()
        return self._process.exitcode or 0

    def _on_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()


class Nursery:
    """Starts Python modules as children."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start nothing yet; what rules an allocator must be in the environment before a process begins."""
        os.environ.update(environment)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(PRELOAD))

    async def start(self, life: Life, fds: tuple[int, ...]) -> ForkedChild:
        """Start a module as a child that has these descriptors; OSError when that fails."""
        passed = tuple(PassedFd(fd) for fd in fds)
        process = self._context.Process(target=live, args=(life, passed), name=life.name, daemon=True)
        # The first start waits until the fork server has loaded everything.
        await asyncio.to_thread(process.start)
        return ForkedChild(process)


def live(life: Life, _fds: tuple[int, ...]) -> None:
    """Become the child: its session, log, environment and program."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # the fork server ignores them
    _die_with_everybody_above()
    os.setsid()
    # What was loaded before the fork stays shared: the collector must not touch it.
    gc.freeze()
    os.umask(0o077)
    os.chdir(life.folder)
    _write_to(life.log)
    os.environ.clear()
    os.environ.update(life.environment)
    tempfile.tempdir = None  # looked up anew: it is another folder here
    name_process(life.name)
    importlib.import_module(_OWN_METRICS).keep_own_metrics(life.module)
    sys.argv = [life.module, *life.arguments]
    sys.modules.pop(life.module, None)  # it is run anew, as the main program
    runpy.run_module(life.module, run_name="__main__", alter_sys=True)


def _die_with_everybody_above() -> None:
    """The kernel ends us with the fork server; whether the supervisor still lives, only a pipe from it tells."""
    dies_with(os.getppid())()
    supervisor = multiprocessing.parent_process()

    def watch() -> None:
        if supervisor is not None:
            supervisor.join()
            os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()


def _write_to(log: Path) -> None:
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        for stream in (sys.stdout, sys.stderr):
            _redirect(stream, output.fileno())


def _redirect(stream: TextIO, fd: int) -> None:
    stream.flush()
    os.dup2(fd, stream.fileno())
