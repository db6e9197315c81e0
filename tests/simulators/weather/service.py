"""A simulated weather service as a child process."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).parents[3]
FAIR: dict[str, Any] = {"temperature": 27.5, "wind_gust": 18.0, "condition": "dry", "alerts": []}


class WeatherSimulator:
    """It listens before the process starts, so that nobody waits."""

    def __init__(self, log: Path) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = "http://{}:{}".format(*self._socket.getsockname())
        self.http = httpx.Client(base_url=self.url, timeout=30)
        descriptor = self._socket.fileno()
        command = [sys.executable, "-m", "simulators.weather", "--fd", str(descriptor)]
        with log.open("ab") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, pass_fds=[descriptor], stdout=output, stderr=output)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.http.close()
        self._socket.close()

    def fair(self) -> None:
        """Bring the fair summer day back."""
        self.http.delete("/_control/faults").raise_for_status()
        self.sky(**FAIR)

    def sky(self, **values: Any) -> None:
        """Set what it tells."""
        answer = self.http.post("/_control/state", json=values)
        assert answer.status_code == httpx.codes.OK, answer.text

    def warn(self, **alert: Any) -> None:
        """Let one warning be in force."""
        self.sky(alerts=[alert])

    def fault(self, kind: str, **more: Any) -> None:
        """Order one fault."""
        answer = self.http.post("/_control/faults", json=[{"kind": kind, **more}])
        assert answer.status_code == httpx.codes.OK, answer.text

    def get(self, path: str, **parameters: str | float) -> httpx.Response:
        """Ask it."""
        return self.http.get(path, params=parameters)

    def asked(self) -> dict[str, int]:
        """How often each path was asked."""
        return self.http.get("/_control/summary").json()["asked"]
