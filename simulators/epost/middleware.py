"""Carries out the ordered faults around the real answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from simulators.epost.clock import iso
from simulators.epost.errors import error_object
from simulators.epost.faults import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from simulators.epost.clock import SimulatedClock
    from simulators.epost.connections import Connections
    from simulators.epost.faults import Faults
    from simulators.epost.tokens import Tokens

_TOO_MANY = 429
_UNAVAILABLE = 503
_OK = 200


class FaultMiddleware:
    """Delays, refuses, cuts off: as the rules in force say, else not at all."""

    def __init__(
        self, app: ASGIApp, *, faults: Faults, connections: Connections, tokens: Tokens, clock: SimulatedClock
    ) -> None:
        self._app = app
        self._faults = faults
        self._connections = connections
        self._tokens = tokens
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        fired = await asyncio.to_thread(self._faults.of_request, scope["method"], scope["path"])
        scope["faults"] = {rule.kind: rule for rule in fired}
        if fired:
            await self._disturbed(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _disturbed(self, scope: Scope, receive: Receive, send: Send) -> None:
        faults: dict[str, Rule] = scope["faults"]
        # The body is read first: a client that gives up waiting has then sent everything, which is the doubt we want.
        body = await _drained(receive)
        if "delay" in faults:
            await asyncio.sleep(faults["delay"].seconds)
        if "expire_tokens" in faults:
            await asyncio.to_thread(self._tokens.expire_all)
        if "drop_before" in faults:
            await self._connections.drop(scope, receive)
            return
        refusal = self._refusal(faults)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        messages = await self._answer(scope, _Replay(body, receive))
        await self._after(scope, receive, send, messages)

    async def _after(self, scope: Scope, receive: Receive, send: Send, messages: list[Message]) -> None:
        faults: dict[str, Rule] = scope["faults"]
        partial = faults.get("partial")
        torn = partial is not None and messages[0]["status"] == _OK
        if torn and partial is not None and partial.status:
            await self._error(partial.status, partial.code)(scope, receive, send)
        elif torn or "drop_after" in faults:
            await self._connections.drop(scope, receive)
        else:
            await _sent(messages, send)

    async def _answer(self, scope: Scope, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        return messages

    def _refusal(self, faults: dict[str, Rule]) -> Response | None:
        if "throttle" in faults:
            return self._error(_TOO_MANY, faults["throttle"].code or "E322")
        if "http_error" in faults:
            return self._error(faults["http_error"].status or _UNAVAILABLE, faults["http_error"].code)
        return None

    def _error(self, status: int, code: str) -> Response:
        if not code:
            return PlainTextResponse("The service is unavailable.", status)
        return JSONResponse(error_object(code, date=iso(self._clock.now())), status)


class _Replay:
    """Hands out a body that has been read already."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _drained(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return b"".join(parts)


async def _sent(messages: Iterable[Message], send: Send) -> None:
    for message in messages:
        await send(message)
