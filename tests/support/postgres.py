"""A real PostgreSQL from the system's packages, in a temporary folder, as a user other than root."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from tests.support.processes import Child, free_port

_SUPERUSER = "rathaus"


def _binaries() -> Path:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(re.sub(r"\D", "", path.parts[4]))
    )
    if not found:
        message = "no PostgreSQL under /usr/lib/postgresql: install the package postgresql (make setup does)"
        raise RuntimeError(message)
    return found[-1].parent


def _user() -> str | None:
    """Return whom to run it as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Postgres:
    """One cluster on a port of its own."""

    def __init__(self, *, durable: bool = False) -> None:
        """`durable`: each commit is on the disk, as in earnest; tests have no use for that."""
        self._fsync = "on" if durable else "off"
        self._bin = _binaries()
        self._user = _user()
        self._folder = Path(tempfile.mkdtemp(prefix="rathaus-postgres-"))
        self._port = free_port()
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--no-sync", "-A", "trust", "-U", _SUPERUSER, "-E", "UTF8", "--locale=C", "-D", self.data)
        self._child: Child | None = None

    @property
    def data(self) -> str:
        return str(self._folder / "data")

    @property
    def child(self) -> Child:
        assert self._child is not None, "not started"
        return self._child

    def start(self) -> None:
        options = {"fsync": self._fsync, "max_connections": "200", "listen_addresses": "127.0.0.1"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", self.data, "-p", str(self._port), "-k", str(self._folder)]
        self._child = Child([*command, *settings], log=self._folder / "log", user=self._user)
        self._child.wait_until_listening(self._port)
        while subprocess.run([*self._client("pg_isready"), "-q"], check=False).returncode != 0:
            assert self._child.process.poll() is None, self._child.output()

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"test_{uuid4().hex}"
        subprocess.run([*self._client("createdb"), name], check=True, capture_output=True)
        return f"postgresql+asyncpg://{_SUPERUSER}@127.0.0.1:{self._port}/{name}"

    def freeze(self) -> None:
        """Stop the server and its backends in their tracks: connections stay open, nobody answers."""
        everyone = self._everyone()
        for process in everyone:
            process.suspend()
        while any(process.status() != psutil.STATUS_STOPPED for process in everyone):
            pass

    def _everyone(self) -> list[psutil.Process]:
        server = psutil.Process(self.child.process.pid)
        return [server, *server.children(recursive=True)]

    def halt(self) -> None:
        """End at once; every connection breaks."""
        if self.child.process.poll() is None:
            for process in self._everyone():
                # One that ends by itself meanwhile is as good.
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.resume()
            self.child.process.send_signal(signal.SIGQUIT)
            self.child.process.wait(20)

    def remove(self) -> None:
        self.halt()
        shutil.rmtree(self._folder)

    def _client(self, program: str) -> list[str]:
        return [str(self._bin / program), "-h", "127.0.0.1", "-p", str(self._port), "-U", _SUPERUSER]

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / program), *arguments], user=self._user, cwd="/", check=True, capture_output=True
        )


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    """The PostgreSQL of this test process."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def own_postgres() -> Generator[Postgres]:
    """A started PostgreSQL that a test may stop and freeze."""
    server = Postgres()
    server.start()
    yield server
    server.remove()
