"""Ends of tasks."""

from __future__ import annotations

import asyncio


def going_on() -> bool:
    """False once the current task was asked to end.

    A loop that runs for ever asks it each round: `asyncio.wait_for`, which NATS uses, may swallow the cancellation
    itself when what it waits for happens at the same moment (Python before 3.12).
    """
    task = asyncio.current_task()
    return task is None or not task.cancelling()
