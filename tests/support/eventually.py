"""Wait for what happens in its own time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from time import monotonic

import httpx
from nats.errors import Error as NatsError


async def eventually(holds: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
    """Return as soon as it holds; AssertionError when it has not within the time."""
    deadline = monotonic() + seconds
    while not await _holds_now(holds):
        if monotonic() > deadline:
            message = f"not within {seconds} s"
            raise AssertionError(message)
        await asyncio.sleep(0.02)


async def _holds_now(holds: Callable[[], Awaitable[bool]]) -> bool:
    """A server that is just coming back has no answer yet."""
    try:
        return await holds()
    except (NatsError, httpx.TransportError):
        return False


@asynccontextmanager
async def running(*work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    """Run beside the test, and end with it."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
