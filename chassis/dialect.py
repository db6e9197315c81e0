"""The one statement for which SQLite and PostgreSQL need constructs of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession


def insert_if_absent(session: AsyncSession, table: type[Any]) -> Any:
    """INSERT ... ON CONFLICT DO NOTHING; both databases have it, the generic insert has not."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return (sqlite_insert if on_sqlite else postgresql_insert)(table).on_conflict_do_nothing()
