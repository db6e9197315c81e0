"""The database of a service: transactions that commit at their edge, on SQLite and PostgreSQL alike.

On SQLite one process owns the file; its writes are serialised here, since parallel writers only wait for locks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from chassis.errors import DependencyDown
from chassis.sqlite import connect

_CONFLICT_STATES = frozenset({"40001", "40P01"})
_SQLITE_MISTAKES = ("no such table", "no such column", "near ")
"""SQLite calls these operational errors too; waiting would not mend them."""
_OUTAGE_STATES = ("08", "53", "57P", "25006")
"""No connection, no resources, starting or stopping, a replica that is not (yet) the primary."""


class Database:
    """Engine, transactions and the hook that wakes the relay after a commit."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        """Open nothing yet; `url` is a SQLAlchemy URL (sqlite+aiosqlite or postgresql+asyncpg)."""
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._write_lock = asyncio.Lock()
        self._after_record: list[Callable[[], None]] = []
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(url, begin="BEGIN", pool_size=4)
        else:
            self._writer = create_async_engine(url, pool_size=pool_size, pool_pre_ping=True, hide_parameters=True)
            self._reader = self._writer

    def after_record(self, callback: Callable[[], None]) -> None:
        """Call back after each commit that recorded an event in the outbox."""
        self._after_record.append(callback)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Open one transaction; it is committed when the block ends well, else rolled back."""
        if self.is_sqlite:
            async with self._write_lock, self._session(self._writer) as session:
                yield session
        else:
            async with self._session(self._writer) as session:
                yield session

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """Open a session for queries only."""
        async with _dependency_errors(), AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session

    async def ping(self) -> None:
        """Ask the database for a sign of life; DependencyDown when there is none."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close all connections."""
        await self._writer.dispose()
        await self._reader.dispose()

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncGenerator[AsyncSession]:
        async with _dependency_errors(), AsyncSession(engine, expire_on_commit=False) as session:
            async with session.begin():
                yield session
            if session.info.get("recorded"):
                for callback in self._after_record:
                    callback()


@asynccontextmanager
async def _dependency_errors() -> AsyncGenerator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_outage(error):
            raise DependencyDown("database") from error
        raise
    except (OSError, PoolTimeoutError) as error:
        raise DependencyDown("database") from error


def _is_outage(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _CONFLICT_STATES or str(error.orig).startswith(_SQLITE_MISTAKES):
        return False
    return (
        state.startswith(_OUTAGE_STATES)
        or error.connection_invalidated
        or isinstance(error, OperationalError | InterfaceError)
    )


def _sqlite_engine(url: str, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=0, hide_parameters=True, connect_args={"async_creator_fn": connect}
    )

    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
    return engine
