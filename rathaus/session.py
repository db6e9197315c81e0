"""One command from its start to its exit status: a town hall around some work."""

from __future__ import annotations

import asyncio
import resource
import sys
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rathaus.doors.systems import SystemsError
from rathaus.embedded.hall import HallBusyError, TownHall, town_hall
from rathaus.embedded.home import Home
from rathaus.embedded.nursery import HIGH_FD
from rathaus.embedded.readiness import NotReadyError
from rathaus.embedded.surroundings import PlanError
from rathaus.levy.client import HallGoneError, SilentError
from rathaus.levy.commands import REFUSED
from rathaus.levy.tables import Terminal
from rathaus.signals import Interruptions

FAILED = 1
INTERRUPTED = 130
UNUSABLE_FOLDER = (PermissionError, NotADirectoryError, FileExistsError)
_FILES_NEEDED = HIGH_FD + 200
Work = Callable[[TownHall], Awaitable[int]]


class _StartView:
    """Tells how the start goes on; at a terminal in one line."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def ready(self, done: int, total: int) -> None:
        """Show how many processes are ready."""
        text = self._terminal.words.say("starting", done=done, total=total)
        if self._terminal.console.is_terminal:
            self._terminal.console.print(text, end="\n" if done == total else "\r", highlight=False)
        elif done == total:
            self._terminal.line(text)

    def guests(self) -> None:
        """Say why we do not end yet."""
        self._terminal.say("guests")


def require_town_hall(folder: Path, terminal: Terminal) -> Home:
    """Return the town hall of a folder, or leave: a mistyped folder must not become a new one."""
    home = Home.at(folder)
    try:
        if home.is_there():
            return home
    except PermissionError as error:
        terminal.say("unwritable", path=error.filename)
        sys.exit(FAILED)
    terminal.say("no_such_data", path=home.root)
    sys.exit(REFUSED)


async def in_town_hall(
    folder: Path, terminal: Terminal, work: Work, *, serve: bool, interrupted: str = "interrupted"
) -> int:
    """Do the work in the town hall of a folder and return the exit status; with `serve`, stay until told to stop.

    `interrupted` is the word for what an interruption means for the work.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit != resource.RLIM_INFINITY and limit < _FILES_NEEDED:
        terminal.say("too_few_files", limit=limit, needed=_FILES_NEEDED)
        return FAILED
    interruptions = Interruptions()
    session = _Session(Home.at(folder), terminal, work, interruptions, serve, interrupted)
    status = await interruptions.until_asked(session.run())
    if status is None:
        terminal.say(interrupted)
        return INTERRUPTED
    return status


async def interruptible(terminal: Terminal, work: Coroutine[Any, Any, int]) -> int:
    """Do work that needs no town hall of ours, and return its exit status."""
    status = await Interruptions().until_asked(work)
    if status is None:
        terminal.say("interrupted")
        return INTERRUPTED
    return status


@dataclass(frozen=True, slots=True)
class _Session:
    _home: Home
    _terminal: Terminal
    _work: Work
    _interruptions: Interruptions
    _serve: bool
    _interrupted: str

    async def run(self) -> int:
        """Work, and go on in a town hall of our own when the one we used is gone."""
        while True:
            try:
                return await self._once()
            except HallGoneError:
                self._terminal.say("gone")
            except NotReadyError as error:
                self._terminal.say("not_ready")
                for each in error.unready:
                    self._terminal.say("not_ready_line", name=each.name, problem=each.problem, log=each.log)
                return FAILED
            except (HallBusyError, PlanError, SystemsError, SilentError, *UNUSABLE_FOLDER) as error:
                self._say_why(error)
                return FAILED

    def _say_why(self, error: Exception) -> None:
        if isinstance(error, HallBusyError):
            self._terminal.say("busy", home=self._home.root, log=self._home.log("rathaus"))
        elif isinstance(error, (PlanError, SystemsError)):
            self._terminal.say(error.key, **error.values)
        elif isinstance(error, SilentError):
            self._terminal.say("silent", service=error.service, why=error.why, log=self._home.log(error.service))
        elif isinstance(error, OSError):
            self._terminal.say("unwritable", path=error.filename)

    async def _once(self) -> int:
        async with town_hall(self._home, _StartView(self._terminal)) as hall:
            if not hall.ours:
                self._terminal.say("attached", home=self._home.root)
            status = await self._interruptions.until_asked(self._worked(hall))
            if status is None:
                self._terminal.say(self._interrupted)
                return INTERRUPTED
            if self._serve and status != REFUSED:
                self._terminal.where(self._home, hall.state())
                self._terminal.say("serving")
                await self._interruptions.until_asked(_while_there(hall))
            if hall.ours:
                self._terminal.say("stopping")
        return status

    async def _worked(self, hall: TownHall) -> int:
        return await self._work(hall)


async def _while_there(hall: TownHall) -> None:
    while True:
        if not hall.is_there():
            return
        await asyncio.sleep(1)


def run_to_exit(coroutine: Coroutine[Any, Any, int]) -> NoReturn:
    """Run a command and leave with its status."""
    sys.exit(asyncio.run(coroutine))
