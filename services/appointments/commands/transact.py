"""One transaction, and a picture of the calendar that does not outlive a commit of which nobody knows."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import DependencyDown
from services.appointments.desk import Desk
from services.appointments.storage.conflicts import retried
from services.appointments.together import Work

Result = TypeVar("Result")


async def transact_together(desk: Desk, work: Work, takes: frozenset[Hashable]) -> None:
    """Run `work` as `transact` does, on SQLite along with others that take other things."""
    with desk.together.wanting(takes):
        if not desk.database.is_sqlite:
            await transact(desk, work)
            return
        try:
            await desk.together.run(desk.database, work, takes)
        except (DependencyDown, CancelledError):
            _forget(desk)
            raise


async def transact(desk: Desk, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Run `work` in a transaction, again after a conflict; an outage may have come before or after the commit."""
    try:
        return await retried(desk.database, work)
    except (DependencyDown, CancelledError):
        _forget(desk)
        raise


def _forget(desk: Desk) -> None:
    for office in desk.master.offices:
        desk.planner.forget(office)
