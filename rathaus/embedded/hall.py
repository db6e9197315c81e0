"""The town hall of a folder: started by the first command that needs it, used by those that come after."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

import structlog

from rathaus.doors.systems import SystemsFile
from rathaus.embedded.doors import Doors
from rathaus.embedded.home import Home
from rathaus.embedded.plan import NATS, THRIFT, Plan, make_plan
from rathaus.embedded.ports import last_ports, remember_ports
from rathaus.embedded.processes import Supervisor
from rathaus.embedded.readiness import wait_until_ready
from rathaus.embedded.state import (
    HallState,
    Lock,
    birth_of,
    forget_state,
    guest_lock,
    hall_lock,
    read_state,
    write_state,
)
from rathaus.logs import log_to_file

log = structlog.stdlib.get_logger()

_POLL_SECONDS = 0.1
_SYSTEMS_SECONDS = 0.5
_TAKE_OVER_SECONDS = 90.0
"""How long another command may take to get its town hall ready, or its last processes to go."""


class Telling(Protocol):
    """Hears how the start goes on."""

    def ready(self, done: int, total: int) -> None:
        """So many processes are ready."""
        ...

    def guests(self) -> None:
        """Our work is done, another command still uses the town hall."""
        ...


class HallBusyError(Exception):
    """Another command holds the folder but its town hall does not get ready."""


@dataclass(frozen=True, slots=True)
class TownHall:
    """A town hall that is ready."""

    home: Home
    state: Callable[[], HallState]
    """The present state; process ids change when a process is restarted."""
    ours: bool
    """We have started it and will stop it."""

    def is_there(self) -> bool:
        """Say whether its supervisor lives."""
        return self.ours or self.state().is_alive()


@contextlib.asynccontextmanager
async def town_hall(home: Home, tell: Telling) -> AsyncGenerator[TownHall]:
    """Give the running town hall of a folder, or start one and stop it in the end.

    PlanError, SystemsError, NotReadyError or HallBusyError when that cannot be.
    """
    home.provision()
    lock = hall_lock(home)
    try:
        found = await _take_or_find(home, lock)
        if found is None:
            async with _started(home, lock, tell) as hall:
                yield hall
        else:
            with _as_guest(home):
                yield TownHall(home, lambda: read_state(home) or found, ours=False)
    finally:
        lock.close()


async def _take_or_find(home: Home, lock: Lock) -> HallState | None:
    """Take the lock and return None, or return the state of the one who has it once it is ready."""
    deadline = monotonic() + _TAKE_OVER_SECONDS
    while not lock.take():
        state = read_state(home)
        if state is not None and state.ready and state.is_alive():
            return state
        if monotonic() > deadline:
            raise HallBusyError
        await asyncio.sleep(_POLL_SECONDS)
    return None


@contextlib.contextmanager
def _as_guest(home: Home) -> Generator[None]:
    lock = guest_lock(home)
    try:
        lock.take(shared=True)
        yield
    finally:
        lock.close()


@contextlib.asynccontextmanager
async def _started(home: Home, lock: Lock, tell: Telling) -> AsyncGenerator[TownHall]:
    forget_state(home)
    log_to_file(home.log("rathaus"))
    with contextlib.closing(Doors(last_ports(home))) as doors:
        SystemsFile(home).provide_own()
        plan = make_plan(home, doors, os.environ)
        remember_ports(home, doors.ports)
        hall = _Running(home, plan, lock.fd)
        try:
            async with hall.running():
                await wait_until_ready(plan.processes, tell.ready)
                hall.publish(ready=True)
                yield TownHall(home, hall.state, ours=True)
                await _until_guests_left(home, tell)
        finally:
            forget_state(home)


async def _until_guests_left(home: Home, tell: Telling) -> None:
    lock = guest_lock(home)
    try:
        if lock.take():
            return
        tell.guests()
        while True:
            if lock.take():
                return
            await asyncio.sleep(_POLL_SECONDS)
    finally:
        lock.close()


class _Running:
    """Supervisor at work, the state file that follows it, and a bus that follows the systems file."""

    def __init__(self, home: Home, plan: Plan, lock_fd: int) -> None:
        self._home = home
        self._plan = plan
        self._supervisor = Supervisor(plan.processes, lock_fd=lock_fd, changed=self._changed, thrift=THRIFT)
        self._ready = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Run both around a body; a bug in either cancels the body instead of going unseen."""
        body = asyncio.current_task()
        tasks = [asyncio.ensure_future(self._supervisor.run()), asyncio.ensure_future(self._follow_systems())]

        def ended(task: asyncio.Future[None]) -> None:
            if not task.cancelled() and body is not None:
                body.cancel()

        for task in tasks:
            task.add_done_callback(ended)
        try:
            yield
        finally:
            for task in tasks:
                task.remove_done_callback(ended)
                task.cancel()
            try:
                outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            finally:
                await self._supervisor.stop()
            for outcome in outcomes:
                if isinstance(outcome, Exception):
                    raise outcome

    def state(self) -> HallState:
        """Describe the town hall as it is now."""
        pid = os.getpid()
        return HallState(
            pid=pid,
            birth=birth_of(pid) or "",
            ready=self._ready,
            nats_url=self._plan.nats_url,
            portal_url=self._plan.portal_url,
            provider="simulator" if self._plan.simulated else "external",
            addresses=dict(self._plan.addresses),
            processes=self._supervisor.pids,
        )

    def publish(self, *, ready: bool) -> None:
        """Tell other commands."""
        self._ready = ready
        write_state(self._home, self.state())

    def _changed(self, _name: str) -> None:
        self.publish(ready=self._ready)

    async def _follow_systems(self) -> None:
        """Restart the bus when a foreign system came or went: reloaded, new accounts would get no answers."""
        seen = _changed_at(self._home.systems)
        while True:
            await asyncio.sleep(_SYSTEMS_SECONDS)
            now = _changed_at(self._home.systems)
            if now == seen:
                continue
            seen = now
            try:
                if self._plan.reconfigure_bus():
                    log.info("bus.restarting", why="systems")
                    self._supervisor.restart(NATS)
            except (ValueError, OSError) as error:
                log.warning("systems.unreadable", reason=type(error).__name__)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
