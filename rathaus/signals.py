"""Ctrl-C and SIGTERM: cancel the work under way, in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruptions:
    """Leads a signal to the innermost work that is under way."""

    def __init__(self) -> None:
        """Listen from the first work on."""
        self._works: list[asyncio.Future[Any]] = []

    async def until_asked(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do the work; a signal cancels it and gives None. May be nested: the outer work goes on after the inner."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._interrupt)
        working = asyncio.ensure_future(work)
        self._works.append(working)
        try:
            await asyncio.wait((working,))
        finally:
            self._works.remove(working)
            working.cancel()
        return None if working.cancelled() else working.result()

    def _interrupt(self) -> None:
        if self._works:
            self._works[-1].cancel()
