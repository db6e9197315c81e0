"""Databases of services, migrated once and then copied.

The migrations have tests of their own; here they would only be the longest part of each start.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

_SQLITE = "sqlite+aiosqlite:///"


def provide_database(service: str, environment: Mapping[str, str]) -> None:
    """Put a migrated database where a service is about to look for its own, unless there is one."""
    kind, found, path = environment.get(f"{service.upper()}_DATABASE_URL", "").partition(_SQLITE)
    if found and not kind and not Path(path).exists():
        shutil.copy(_migrated(f"services.{service}"), path)


@cache
def _migrated(package: str) -> Path:
    path = _folder() / f"{package}.sqlite"
    environment = {**os.environ, "RATHAUS_MIGRATE_URL": f"{_SQLITE}{path}"}
    command = [sys.executable, "-m", "chassis.alembic.upgrade", package]
    subprocess.run(command, cwd=Path(__file__).parents[2], env=environment, check=True)
    return path


@cache
def _folder() -> Path:
    folder = Path(mkdtemp(prefix="rathaus-migrated-"))
    atexit.register(shutil.rmtree, folder)
    return folder
