"""What a process knows of its own fitness to serve."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from nats.aio.client import Client
from nats.errors import Error as NatsError

from chassis.errors import DependencyDown
from chassis.metrics import BUS_VIOLATIONS

Probe = Callable[[], Awaitable[str | None]]
"""Returns None when all is well, else what is wrong in a few words."""
PROBE_SECONDS = 2.0
REFUSALS_REMEMBERED = 1000
"""Twice a batch of the relay, which asks for a subject right after it has tried it."""
_SUBJECT = re.compile(r'"([^"]*)"?')


class Health:
    """Collects probes; ready when the service has started and every probe is content."""

    def __init__(self) -> None:
        """Start unready."""
        self.started = False
        self.stopping = False
        self._probes: dict[str, Probe] = {}
        self._paused: dict[str, str] = {}
        self._refusals = 0
        self._refused: dict[str, str] = {}

    def add(self, name: str, probe: Probe) -> None:
        """Ask this probe at each readiness check."""
        self._probes[name] = probe

    def pause(self, durable: str, dependency: str) -> None:
        """A consumer has stopped fetching because a dependency is away."""
        self._paused[durable] = dependency

    def resume(self, durable: str) -> None:
        """The consumer goes on."""
        self._paused.pop(durable, None)

    def violation(self, detail: str) -> None:
        """The bus refused a subject; only the error callback hears of it, so readiness must tell."""
        BUS_VIOLATIONS.inc()
        self._refusals += 1
        subject = _subject_in(detail)
        self._refused.pop(subject, None)
        self._refused[subject] = detail
        if len(self._refused) > REFUSALS_REMEMBERED:
            del self._refused[next(iter(self._refused))]

    def forbids(self, subject: str) -> bool:
        """Whether the bus has refused us this subject; the longest past refusals are forgotten when they are many."""
        return subject.lower() in self._refused

    async def problems(self) -> dict[str, str]:
        """Return what stands against readiness, by name; empty means ready."""
        found = {} if self.started else {"service": "starting"}
        for name, probe in list(self._probes.items()):
            problem = await probe()
            if problem is not None:
                found[name] = problem
        found |= {f"consumer {durable}": f"waits for {what}" for durable, what in self._paused.items()}
        if self._refused:
            found["bus permissions"] = f"{next(reversed(self._refused.values()))} (refusals: {self._refusals})"
        return found


def _subject_in(detail: str) -> str:
    """Return the subject that the server quotes, in the small letters in which nats-py passes it on."""
    quoted = _SUBJECT.search(detail)
    return (quoted.group(1) if quoted else detail).lower()


def bus_probe(client: Callable[[], Client | None]) -> Probe:
    """A round trip to the server: a connection flag stays green in front of a hung one."""

    async def probe() -> str | None:
        connected = client()
        if connected is None or not connected.is_connected:
            return "not connected"
        try:
            await connected.flush(timeout=1)
        except (NatsError, OSError, TimeoutError):
            return "no answer"
        return None

    return probe


def _hear(late: asyncio.Future[None]) -> None:
    """Take notice of a late outcome, which nobody waits for any more."""
    if not late.cancelled():
        late.exception()


def database_probe(ping: Callable[[], Awaitable[None]]) -> Probe:
    """Run a real query; a database that hangs is as good as none.

    The query that hangs is left behind, since waiting for its cancellation would hang too.
    """

    async def probe() -> str | None:
        asked = asyncio.ensure_future(ping())
        await asyncio.wait({asked}, timeout=PROBE_SECONDS)
        if not asked.done():
            asked.add_done_callback(_hear)
            asked.cancel()
            return "no answer"
        return "no answer" if isinstance(asked.exception(), DependencyDown) else asked.result()

    return probe
