"""Which transaction wrote a row, and which are over: so replicas on PostgreSQL read only what is new to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_HORIZON = text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)")
NEXT_TRANSACTION = "CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)"
"""No row that a statement sees was written by this one or a later one."""


class ThisTransaction(FunctionElement[int]):
    """The number of the transaction that writes; NULL on SQLite, where one process writes and reads."""

    type = BigInteger()
    inherit_cache = True


@compiles(ThisTransaction)
def _nobody(_element: ThisTransaction, _compiler: SQLCompiler, **_options: Any) -> str:
    return "NULL"


@compiles(ThisTransaction, "postgresql")
def _number(_element: ThisTransaction, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"


async def horizon(session: AsyncSession) -> int:
    """Return the oldest transaction that is not over: what any before it wrote, every later statement sees."""
    return int((await session.execute(_HORIZON)).scalar_one())
