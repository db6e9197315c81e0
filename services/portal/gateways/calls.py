"""Calls of other services: what they answer, sorted by what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from chassis.errors import DependencyDown

_OBJECT = TypeAdapter(dict[str, Any])
_UNKNOWN = {404, 410}
_REFUSALS = range(400, 500)


class Missing(Exception):  # noqa: N818 - says what it is
    """The service does not know what was asked for."""


class Refused(Exception):  # noqa: N818 - says what it is
    """The service did not do it, and says why (problem+json)."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        """Keep status and problem."""
        super().__init__(status)
        self.status = status
        self.body = body


class Calls:
    """One service behind an HTTP client; a service that is away is DependencyDown."""

    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        """Call through a client of `chassis.http.service_client`."""
        self._client = client
        self._name = name

    async def get(self, path: str, *, patience: float | None = None, **query: str | int | None) -> Any:
        """Return the JSON of an address."""
        asked = {name: value for name, value in query.items() if value is not None}
        return await self._send("GET", path, params=asked, patience=patience)

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Send JSON, return JSON (None when the answer is empty)."""
        return await self._send("POST", path, json=dict(body or {}))

    async def put(self, path: str, body: Mapping[str, object]) -> Any:
        """Replace what is there."""
        return await self._send("PUT", path, json=dict(body))

    async def delete(self, path: str) -> None:
        """Remove what is there."""
        await self._send("DELETE", path)

    async def file(self, path: str, **query: str | None) -> bytes:
        """Return what is no JSON, as it is."""
        asked = {name: value for name, value in query.items() if value is not None}
        return (await self._answer("GET", path, params=asked)).content

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def _send(self, method: str, path: str, *, patience: float | None = None, **more: Any) -> Any:
        answer = await self._answer(method, path, patience=patience, **more)
        return answer.json() if answer.content else None

    async def _answer(self, method: str, path: str, *, patience: float | None = None, **more: Any) -> httpx.Response:
        waits = httpx.USE_CLIENT_DEFAULT if patience is None else patience
        try:
            answer = await self._client.request(method, path, timeout=waits, **more)
        except httpx.HTTPError as error:
            raise DependencyDown(self._name) from error
        if answer.status_code in _UNKNOWN:
            raise Missing
        if answer.status_code in _REFUSALS:
            raise Refused(answer.status_code, _problem(answer))
        if not answer.is_success:
            raise DependencyDown(self._name)
        return answer


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        return _OBJECT.validate_json(answer.content)
    except ValidationError:
        return {}
