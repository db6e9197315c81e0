"""Child processes of tests: started with a log, awaited until they listen, never left behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic

import psutil

from chassis.children import dies_with
from tests.support.forked import Forked, is_forked

ROOT = Path(__file__).parents[2]


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = iter(random.sample(range(20_000 + _WORKER * 1_500, 21_500 + _WORKER * 1_500), 1_500))
"""Below those that the kernel gives to connections, apart for each test worker, each number once: nobody else takes a
port between its choice and its use."""


def free_port() -> int:
    for port in _PORTS:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    message = "no port is left"
    raise RuntimeError(message)


class Child:
    """One process; its output goes to a file that a failure quotes."""

    def __init__(
        self, command: list[str], *, log: Path, env: dict[str, str] | None = None, user: str | None = None
    ) -> None:
        self.log = log
        self.process = self._started(command, env, user)

    def _started(
        self, command: list[str], env: dict[str, str] | None, user: str | None
    ) -> subprocess.Popen[bytes] | Forked:
        if command[:2] == [sys.executable, "-m"] and is_forked(command[2]):
            return Forked(command[2], command[3:], log=self.log, env=env or dict(os.environ), folder=ROOT)
        with self.log.open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=env,
                user=user,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=dies_with(os.getpid()),  # noqa: PLW1509 - it only asks the kernel
            )

    def wait_until_listening(self, port: int, *, seconds: float = 20) -> None:
        deadline = monotonic() + seconds
        while monotonic() < deadline:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.02)
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
        message = f"nobody listens on port {port}:\n{self.output()[-2000:]}"
        raise RuntimeError(message)

    def output(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        while psutil.Process(self.process.pid).status() != psutil.STATUS_STOPPED:
            pass

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self, *, seconds: float = 15) -> int:
        """Ask to end, insist after a while, return the exit status."""
        if self.process.poll() is None:
            self.thaw()
            self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.process.wait()
