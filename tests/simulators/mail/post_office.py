"""A simulated mail relay as a child process that keeps its addresses over restarts."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx

from tests.support.processes import ROOT


class PostOffice:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._web = socket.create_server(("127.0.0.1", 0))
        self._smtp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._smtp.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._web.getsockname()[1]}"
        self.http = httpx.Client(base_url=self.url, timeout=10)
        self.process = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait(20)
        self._web.close()
        self._smtp.close()

    def restart(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = self._started()

    def faults(self, *rules: dict[str, Any]) -> None:
        self.http.post("/_control/faults", json=list(rules)).raise_for_status()

    def log(self) -> str:
        return (self._folder / "log").read_text("utf-8")

    def behaves(self) -> None:
        self.http.delete("/_control/faults").raise_for_status()

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        return self.http.get("/_control/mails", params={"to": to}).raise_for_status().json()

    def summary(self) -> dict[str, Any]:
        return self.http.get("/_control/summary").raise_for_status().json()

    def bounces(self) -> list[dict[str, Any]]:
        return self.http.get("/_control/bounces").raise_for_status().json()

    def _started(self) -> subprocess.Popen[bytes]:
        fds = [self._web.fileno(), self._smtp.fileno()]
        command = [sys.executable, "-m", "simulators.mail", "--data", str(self._folder / "data")]
        command += ["--fd", str(fds[0]), "--smtp-fd", str(fds[1])]
        with (self._folder / "log").open("ab") as output:
            return subprocess.Popen(command, cwd=ROOT, pass_fds=fds, stdout=output, stderr=output)
