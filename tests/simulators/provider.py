"""A simulated provider as a child process, and a customer who speaks to it."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

import httpx

from simulators.epost.clock import DAY, day_start
from tests.simulators.paper import letter

ROOT = Path(__file__).parents[2]
LOGIN = {"vendorID": "SIM", "ekp": "1234567890", "secret": "secret", "password": "password"}
FAST = ("--speed", "1000", "--stage-seconds", "1,600,3600")
_TRIES = 3000
_TOO_MANY = 429


class Provider:
    """Keeps its listening socket over restarts, so that the address stays and nobody waits for a start."""

    def __init__(self, data: Path, *options: str) -> None:
        self._data = data
        self._options = options
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = "http://{}:{}".format(*self._socket.getsockname())
        self.http = httpx.Client(base_url=self.url, timeout=30)
        self.process = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.http.close()
        self._socket.close()

    def kill(self) -> None:
        """End it without any warning."""
        self.process.kill()
        self.process.wait()

    def restart(self, *options: str) -> None:
        """Start it again on the same folder."""
        self._options = options or self._options
        headers = self.http.headers
        self.http.close()
        self.http = httpx.Client(base_url=self.url, timeout=30, headers=headers)
        self.process = self._started()

    def log(self) -> str:
        """Everything it has printed."""
        return (self._data / "stdout.log").read_text("utf-8")

    def log_with(self, event: str) -> str:
        """Everything it has printed, once this is there: it writes after it has acted."""
        for _ in range(_TRIES):
            if event in self.log():
                break
            _pause()
        return self.log()

    def login(self) -> None:
        """Put a fresh token on every further call."""
        self.http.headers["Authorization"] = f"Bearer {self.http.post('/api/Login', json=LOGIN).json()['token']}"

    def submit(self, *letters: dict[str, Any]) -> list[int]:
        """Hand letters in; their numbers."""
        answer = self.http.post("/api/Letter", json=letters)
        assert answer.status_code == httpx.codes.OK, answer.text
        return [ident["letterID"] for ident in answer.json()]

    def get(self, path: str, **parameters: str | int) -> httpx.Response:
        """Look something up, waiting when the provider finds it too early."""
        for _ in range(_TRIES):
            answer = self.http.get(path, params=parameters)
            if answer.status_code != _TOO_MANY:
                return answer
            _pause()
        raise AssertionError("throttled for ever")

    def status(self, letter_id: int) -> dict[str, Any]:
        """LetterStatus of one letter."""
        return self.get(f"/api/Letter/{letter_id}").json()

    def settled(self, letter_id: int) -> dict[str, Any]:
        """LetterStatus once the letter has left status 1."""
        for _ in range(_TRIES):
            status = self.status(letter_id)
            if status["statusID"] != 1:
                return status
            _pause()
        raise AssertionError("never checked")

    def order(self, **rule: Any) -> None:
        """Order one fault."""
        answer = self.http.post("/_control/faults", json=[rule])
        assert answer.status_code == httpx.codes.OK, answer.text

    def advance(self, seconds: float) -> None:
        """Move its clock."""
        self.http.post("/_control/clock", json={"advance_seconds": seconds}).raise_for_status()

    def sleep_until_noon(self) -> None:
        """Move its clock, which runs fast, to where all that a test does lies on one day; and log in anew."""
        now = self.http.get("/_control/clock").json()["epoch"]
        self.advance((day_start(now) + 1.5 * DAY - now) % DAY)
        self.login()

    def received(self) -> list[dict[str, Any]]:
        """What it stores."""
        return self.http.get("/_control/letters").json()

    def summary(self) -> dict[str, Any]:
        """What it counts."""
        return self.http.get("/_control/summary").json()

    def _started(self) -> subprocess.Popen[bytes]:
        descriptor = self._socket.fileno()
        command = [sys.executable, "-m", "simulators.epost", "--data", str(self._data), "--fd", str(descriptor)]
        self._data.mkdir(exist_ok=True)
        with (self._data / "stdout.log").open("ab") as output:
            return subprocess.Popen(
                [*command, *self._options], cwd=ROOT, pass_fds=[descriptor], stdout=output, stderr=output
            )


def a_letter(name: str = "brief-1", *, pdf: bytes | None = None, **fields: Any) -> dict[str, Any]:
    """One element of a submission."""
    return {
        "fileName": f"{name}.pdf",
        "data": base64.b64encode(letter() if pdf is None else pdf).decode(),
        "addressLine1": "Erika Muster",
        "addressLine2": "Lindenweg 7",
        "zipCode": "39517",
        "city": "Tangerhütte",
        "batchID": 7,
        "custom1": f"{name}.1",
        **fields,
    }


def codes(status: dict[str, Any]) -> list[str]:
    """Codes of a LetterStatus's errorList."""
    return [error["code"] for error in status["errorList"]]


def _pause() -> None:
    threading.Event().wait(0.005)
