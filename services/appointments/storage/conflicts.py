"""Transactions that PostgreSQL gives up so that others can go on are done again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database

_AGAIN = frozenset({"40001", "40P01"})
"""Serialization failure, deadlock."""
TRIES = 5
Result = TypeVar("Result")


def is_conflict(error: Exception) -> bool:
    """Tell whether a transaction was given up for another one."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _AGAIN


async def retried(database: Database, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Run `work` in a transaction of its own; anew, at most so many times, when it was the victim of a conflict."""
    for _ in range(TRIES - 1):
        try:
            async with database.transaction() as session:
                return await work(session)
        except DBAPIError as error:
            if not is_conflict(error):
                raise
    async with database.transaction() as session:
        return await work(session)
