"""Cookies that only we can make. What they say is signed, not secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

_LONGEST = 3000
_SHORTEST_KEY = 32


class Cookies:
    """Sets and reads signed cookies; over TLS their names carry the prefix that ties them to this host."""

    def __init__(self, key: bytes, *, secure: bool) -> None:
        """Sign with a key; ValueError for one that can be guessed."""
        if len(key) < _SHORTEST_KEY:
            raise ValueError("the key of the cookies must have at least 32 bytes")
        self._key = key
        self._secure = secure

    def name(self, name: str) -> str:
        """Return the name as the browser sees it."""
        return f"__Host-{name}" if self._secure else name

    def set(
        self,
        response: Response,
        name: str,
        value: str,
        *,
        until: datetime,
        samesite: Literal["lax", "strict"] = "lax",
    ) -> None:
        """Give a cookie that ends at an instant, in the browser and for us."""
        body = _encode(f"{int(until.timestamp())}\n{value}".encode())
        response.set_cookie(
            self.name(name),
            f"{body}.{self._mac(name, body)}",
            expires=until,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite=samesite,
        )

    def get(self, request: Request, name: str, *, now: datetime) -> str | None:
        """Return what a cookie says; None when there is none, or it is not ours, or over."""
        body, _, mac = request.cookies.get(self.name(name), "").partition(".")
        if len(body) > _LONGEST or not hmac.compare_digest(mac.encode(), self._mac(name, body).encode()):
            return None
        ends, _, value = _decode(body).decode().partition("\n")
        return value if now.timestamp() < int(ends) else None

    def drop(self, response: Response, name: str) -> None:
        """Take a cookie away."""
        response.delete_cookie(self.name(name), path="/", secure=self._secure, httponly=True)

    def _mac(self, name: str, body: str) -> str:
        return _encode(hmac.new(self._key, f"cookie\n{name}\n{body}".encode(), hashlib.sha256).digest())


def in_hours(now: datetime, hours: float) -> datetime:
    """Return the instant some hours from now."""
    return now + timedelta(hours=hours)


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
