"""One transaction, and a picture of the calendar that does not outlive a commit of which nobody knows."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import DependencyDown
from services.appointments.desk import Desk
from services.appointments.storage.conflicts import retried
from services.appointments.storage.drafts import Draft
from services.appointments.together import Work

Result = TypeVar("Result")


async def transact_together(
    desk: Desk,
    work: Work,
    takes: frozenset[Hashable],
    *,
    draft: Draft | None = None,
    counted: frozenset[str] = frozenset(),
) -> None:
    """Run `work` as `transact` does, along with others of this process that take other things.

    `draft`: the same in a form in which many are written at once. `counted`: hashes of clients that it counts.
    """
    with desk.together.wanting(takes):
        try:
            await desk.together.run(
                desk.database, work, takes, draft=draft, counted=counted, lost=lambda: _forget(desk)
            )
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
