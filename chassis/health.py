"""What a process knows of its own fitness to serve."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nats.aio.client import Client
from nats.errors import Error as NatsError

from chassis.errors import DependencyDown
from chassis.metrics import BUS_VIOLATIONS

Probe = Callable[[], Awaitable[str | None]]
"""Returns None when all is well, else what is wrong in a few words."""
PROBE_SECONDS = 2.0


class Health:
    """Collects probes; ready when the service has started and every probe is content."""

    def __init__(self) -> None:
        """Start unready."""
        self.started = False
        self.stopping = False
        self._probes: dict[str, Probe] = {}
        self._paused: dict[str, str] = {}
        self._violations: list[str] = []

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
        if detail not in self._violations:
            self._violations.append(detail)

    def forbids(self, subject: str) -> bool:
        """Whether the bus has refused us this subject."""
        return any(f'"{subject}"' in detail for detail in self._violations)

    async def problems(self) -> dict[str, str]:
        """Return what stands against readiness, by name; empty means ready."""
        found = {} if self.started else {"service": "starting"}
        for name, probe in self._probes.items():
            problem = await probe()
            if problem is not None:
                found[name] = problem
        found |= {f"consumer {durable}": f"waits for {what}" for durable, what in self._paused.items()}
        if self._violations:
            found["bus permissions"] = self._violations[-1]
        return found


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
