"""A provider whose answers are written down beforehand, at the level of HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from services.mailgateway.gateways.epost import EpostOptions, EpostProvider
from services.mailgateway.gateways.epost_session import Credentials

CREDENTIALS = Credentials("SIM", "1234567890", "hidden-secret", "hidden-password")
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def reply(status: int, body: Any = None, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=b"" if body is None else orjson.dumps(body), headers=names)


def problem(status: int, code: str, description: str = "-", **headers: str) -> httpx.Response:
    return reply(status, {"level": "Error", "code": code, "description": description, "date": None}, **headers)


def receipts(request: httpx.Request) -> httpx.Response:
    letters = orjson.loads(request.content)
    return reply(200, [{"fileName": each["fileName"], "letterID": 9_000 + n} for n, each in enumerate(letters)])


@dataclass
class Script(httpx.AsyncBaseTransport):
    """Answers a path with the next of its answers, the last one for ever; logs in with a numbered token."""

    answers: dict[str, list[Answer]] = field(default_factory=dict[str, list[Answer]])
    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers = httpx.Headers(request.headers)
        self.requests.append(request)
        answers = self.answers.get(request.url.path)
        if answers is None:
            return self._default(request)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def calls(self, path: str) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path == path]

    def body(self) -> list[dict[str, Any]]:
        return orjson.loads(self.calls("/api/Letter")[-1].content)

    def _default(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/Login":
            return reply(200, {"token": f"token-{len(self.calls('/api/Login'))}"})
        return receipts(request) if request.method == "POST" else reply(200, [])


def a_provider(script: Script, *, min_interval: float = 0.0, token_minutes: int = 1440) -> EpostProvider:
    options = EpostOptions(min_interval=min_interval, token_minutes=token_minutes)
    return EpostProvider("https://epost.example", CREDENTIALS, options=options, transport=script)
