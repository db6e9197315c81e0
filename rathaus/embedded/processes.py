"""Child processes that are kept alive, and that never outlive their parent."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, STDOUT
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import BinaryIO, Protocol

import structlog

from chassis.children import dies_with
from rathaus.embedded.nursery import Life, Nursery

log = structlog.stdlib.get_logger()

FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 5.0
STEADY_SECONDS = 30.0
"""A child that has lived this long begins again with the first delay."""
STOP_SECONDS = 20.0
SHORTEST_LIFE_SECONDS = 1.0
"""A child that asks to be replaced sooner than this is counted as dead, or it would be started without end."""
_LOG_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """How one child is started; `stage` orders the end, the highest goes first."""

    name: str
    command: tuple[str, ...]
    """Program and arguments; with a `module`, the arguments alone."""
    environment: Mapping[str, str]
    log: Path
    scratch: Path
    """Where its temporary files are; emptied before each start, since whoever is killed leaves them behind."""
    stage: int
    ready_url: str
    fds: tuple[int, ...] = ()
    module: str | None = None
    """A Python module to run, forked from the process that has loaded what all of them need."""
    recycles: bool = False
    """Exit status 0 means that the child wants to be replaced, as a render worker does after its share."""


class Child(Protocol):
    """A process that was started."""

    pid: int

    @property
    def returncode(self) -> int | None:
        """None while it lives."""
        ...

    async def wait(self) -> int:
        """Wait for its end."""
        ...


class Supervisor:
    """Starts children, starts them again when they die, and stops them in order."""

    def __init__(
        self,
        plans: Iterable[ProcessPlan],
        *,
        lock_fd: int,
        changed: Callable[[str], None],
        stop_seconds: float = STOP_SECONDS,
        thrift: Mapping[str, str] | None = None,
    ) -> None:
        """`changed` hears the name of every child that was started; `lock_fd` goes to all of them.

        `thrift` is the environment that keeps Python children small.
        """
        self.plans = tuple(plans)
        self._lock_fd = lock_fd
        self._changed = changed
        self._stop_seconds = stop_seconds
        self._running: dict[str, Child] = {}
        self._nursery = Nursery(thrift or {})

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the children that live, by name."""
        return {name: process.pid for name, process in self._running.items() if process.returncode is None}

    async def run(self) -> None:
        """Keep every child alive until cancelled."""
        async with asyncio.TaskGroup() as group:
            for plan in self.plans:
                group.create_task(self._keep(plan))

    def restart(self, name: str) -> None:
        """End a child; it is started again at once."""
        if name in self._running:
            _signal(self._running[name], signal.SIGTERM)

    async def _keep(self, plan: ProcessPlan) -> None:
        delay = FIRST_DELAY_SECONDS
        while True:
            started = monotonic()
            status = await self._live(plan)
            lived = monotonic() - started
            if plan.recycles and status == 0 and lived > SHORTEST_LIFE_SECONDS:
                log.info("process.recycled", process=plan.name)
                continue
            log.warning("process.died", process=plan.name, status=status)
            if lived > STEADY_SECONDS:
                delay = FIRST_DELAY_SECONDS
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)

    async def _live(self, plan: ProcessPlan) -> int | None:
        """Start a child and wait for its end; None when it could not be started."""
        try:
            process = await self._start(plan)
        except OSError as error:
            log.exception("process.not_started", process=plan.name, reason=type(error).__name__)
            return None
        self._changed(plan.name)
        return await process.wait()

    async def _start(self, plan: ProcessPlan) -> Child:
        _empty(plan.scratch)
        with _appending(plan.log) as output:
            child = await (self._forked(plan) if plan.module else self._spawned(plan, output))
            self._running[plan.name] = child
        return child

    async def _forked(self, plan: ProcessPlan) -> Child:
        life = Life(plan.name, plan.module or "", plan.command, _environment(plan), plan.log, _project_root())
        return await self._nursery.start(life, (*plan.fds, self._lock_fd))

    async def _spawned(self, plan: ProcessPlan, output: BinaryIO) -> Child:
        return await asyncio.create_subprocess_exec(
            *plan.command,
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            env=_environment(plan),
            cwd=_project_root(),
            pass_fds=(*plan.fds, self._lock_fd),
            start_new_session=True,
            umask=0o077,
            preexec_fn=dies_with(os.getpid()),
        )

    async def stop(self) -> None:
        """End all children, the last stage first: SIGTERM, and SIGKILL for what does not go in time."""
        try:
            for stage in sorted({plan.stage for plan in self.plans}, reverse=True):
                of_stage = [self._running[plan.name] for plan in self.plans if self._is_of(plan, stage)]
                await _end(of_stage, seconds=self._stop_seconds)
        finally:
            # Also when a second signal cuts the waiting short.
            for process in self._running.values():
                _signal(process, signal.SIGKILL)

    def _is_of(self, plan: ProcessPlan, stage: int) -> bool:
        return plan.stage == stage and plan.name in self._running


def _environment(plan: ProcessPlan) -> dict[str, str]:
    return {**plan.environment, "TMPDIR": str(plan.scratch)}


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


async def _end(processes: list[Child], *, seconds: float) -> None:
    for process in processes:
        _signal(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(seconds):
            for process in processes:
                await process.wait()
    except TimeoutError:
        for process in processes:
            _signal(process, signal.SIGKILL)
            await process.wait()


def _signal(process: Child, number: signal.Signals) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                # A forked child that has not yet made a group of its own.
                os.kill(process.pid, number)


def _appending(path: Path) -> BinaryIO:
    """Open a log at its end; a long one is put aside first."""
    if path.exists() and path.stat().st_size > _LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _project_root() -> Path:
    """Return the folder of the packages, so that `python -m` finds them however we were installed."""
    return Path(__file__).resolve().parents[2]
