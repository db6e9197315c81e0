"""Waiting until every process can do its work, and saying what stands in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx

from rathaus.embedded.processes import ProcessPlan

READY_SECONDS = 60.0
_POLL_SECONDS = 0.1
_STARTING = "starting"


@dataclass(frozen=True, slots=True)
class Unready:
    """A process that cannot work yet, why, and where its log is."""

    name: str
    problem: str
    log: Path


class NotReadyError(Exception):
    """The town hall did not become ready in time."""

    def __init__(self, unready: Iterable[Unready]) -> None:
        """Keep who is not ready."""
        super().__init__("not ready")
        self.unready = tuple(unready)


async def wait_until_ready(
    plans: Iterable[ProcessPlan], tell: Callable[[int, int], None], *, seconds: float = READY_SECONDS
) -> None:
    """Return when every process is ready, telling (ready, all) on the way; NotReadyError after some time."""
    waiting = {plan.name: Unready(plan.name, _STARTING, plan.log) for plan in plans}
    total = len(waiting)

    async def wait_for(client: httpx.AsyncClient, plan: ProcessPlan) -> None:
        while (problem := await _problem(client, plan.ready_url)) is not None:
            waiting[plan.name] = Unready(plan.name, problem, plan.log)
            await asyncio.sleep(_POLL_SECONDS)
        del waiting[plan.name]
        tell(total - len(waiting), total)

    try:
        async with asyncio.timeout(seconds), httpx.AsyncClient(timeout=2) as client, asyncio.TaskGroup() as group:
            for plan in plans:
                group.create_task(wait_for(client, plan))
    except TimeoutError:
        raise NotReadyError(waiting.values()) from None


async def _problem(client: httpx.AsyncClient, url: str) -> str | None:
    try:
        answer = await client.get(url)
    except httpx.TimeoutException:
        return "no answer"
    except httpx.TransportError:
        return _STARTING
    if answer.is_success:
        return None
    return _words_of(answer)


def _words_of(answer: httpx.Response) -> str:
    """Put the problems of a /readyz answer into one line."""
    try:
        problems = answer.json()["problems"]
        return ", ".join(f"{name}: {problem}" for name, problem in problems.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"HTTP {answer.status_code}"
