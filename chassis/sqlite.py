"""aiosqlite with one visit to its thread for each statement.

By itself it goes there to make a cursor, to execute, to fetch and to close: four changes of thread and four rounds of
the event loop for a statement that takes 20 microseconds. Measured with the five statements of one closed pool: 2.6 ms
of processor time before, 1.8 ms after.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Literal, Self

import aiosqlite


class Cursor:
    """Executes and fetches at once, and keeps the rows; nothing is left open."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        """Execute nothing yet."""
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        """There is nothing to open."""
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> Cursor:
        """Execute a statement and fetch all that it returns."""
        return await self._visit("execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> Cursor:
        """Execute a statement for each set of parameters."""
        return await self._visit("executemany", sql, parameters)

    async def fetchall(self) -> list[Any]:
        """Return the rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """There is nothing to close."""

    async def _visit(self, method: Literal["execute", "executemany"], sql: str, parameters: Any) -> Cursor:
        def work(connection: sqlite3.Connection) -> None:
            cursor = connection.cursor()
            try:
                getattr(cursor, method)(sql, parameters)
                self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
                self._rows = cursor.fetchall() if cursor.description else []
            finally:
                cursor.close()

        await self._connection.visit(work)
        return self


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one visit."""

    def cursor(self) -> Any:
        """Return a cursor; it costs nothing."""
        return Cursor(self)

    async def visit(self, work: Any) -> None:
        """Do something with the connection in its thread."""
        await self._execute(work, self._conn)  # pyright: ignore[reportUnknownMemberType] - untyped in aiosqlite

    async def rollback(self) -> None:
        """Roll back, if there is something to roll back: a pool asks at each return."""
        if self.in_transaction:
            await super().rollback()


def connect(database: str, **options: Any) -> Connection:
    """Return a connection, to be awaited; for `async_creator_fn` of SQLAlchemy's dialect."""
    connection = Connection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # pyright: ignore[reportPrivateUsage] # noqa: SLF001 - as SQLAlchemy does
    return connection
