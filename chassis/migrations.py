"""Schema of a service's database: numbered, linear Alembic migrations, applied at start.

Alembic runs in a process of its own, and only when the schema is not the newest: it would cost every service
memory for the rest of its life.
"""

from __future__ import annotations

import asyncio
import os
import sys
from importlib import resources
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from chassis.children import dies_with
from chassis.database import Database
from chassis.errors import DependencyDown


def head_of(package: str) -> str:
    """Return the newest revision of a service, as its `migrations/HEAD` states it."""
    return resources.files(package).joinpath("migrations", "HEAD").read_text("utf-8").strip()


async def ensure_schema(package: str, database: Database) -> None:
    """Bring the schema up to the newest revision; DependencyDown while the database is away."""
    if await _revision(database) == head_of(package):
        return
    _make_folder(database)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "chassis.alembic.upgrade",
        package,
        env={**os.environ, "RATHAUS_MIGRATE_URL": database.url},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=dies_with(os.getpid()),
    )
    _, errors = await process.communicate()
    if process.returncode != 0:
        await database.ping()
        message = f"migration of {package} failed: {errors.decode(errors='replace')[-2000:]}"
        raise RuntimeError(message)


def _make_folder(database: Database) -> None:
    path = make_url(database.url).database
    if database.is_sqlite and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)


async def _revision(database: Database) -> str | None:
    _make_folder(database)
    try:
        async with database.reading() as session:
            return await session.scalar(text("SELECT version_num FROM alembic_version"))
    except DependencyDown as error:
        # SQLite calls a missing table an operational error.
        if isinstance(error.__cause__, DBAPIError) and "no such table" in str(error.__cause__):
            return None
        raise
    except DBAPIError:
        return None
