"""Logins: opaque tokens that end in the provider's own time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any

from simulators.epost.api_models import LOGIN, checked_object
from simulators.epost.errors import ApiError

if TYPE_CHECKING:
    from simulators.epost.clock import SimulatedClock
    from simulators.epost.settings import Credentials
    from simulators.epost.store import Store

_LONGEST_MINUTES = 1440


class Tokens:
    """Who may speak to the provider, and until when."""

    def __init__(self, store: Store, clock: SimulatedClock, credentials: Credentials) -> None:
        self._store = store
        self._clock = clock
        self._credentials = credentials

    def login(self, body: object) -> str:
        """Issue a token; E001 for wrong credentials."""
        login = checked_object(body, LOGIN, "login")
        minutes = login.get("tokenDuration", _LONGEST_MINUTES)
        if not 1 <= minutes <= _LONGEST_MINUTES:
            raise ApiError(400, "E313", f"Schema verletzt: login.tokenDuration: 1 bis {_LONGEST_MINUTES}")
        if not self._matches(login):
            raise ApiError(401, "E001")
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        with self._store.transaction():
            self._store.write("DELETE FROM tokens WHERE expires_at <= ?", (now,))
            self._store.write("INSERT INTO tokens VALUES (?, ?)", (_digest(token), now + minutes * 60))
        return token

    def check(self, authorization: str) -> None:
        """E101 unless the header carries a token in force."""
        scheme, _, token = authorization.partition(" ")
        rows = self._store.read("SELECT expires_at FROM tokens WHERE digest = ?", (_digest(token.strip()),))
        if scheme.lower() != "bearer" or not rows or rows[0]["expires_at"] <= self._clock.now():
            raise ApiError(401, "E101")

    def expire_all(self) -> None:
        """End every token at once."""
        self._store.write("DELETE FROM tokens")

    def _matches(self, login: dict[str, Any]) -> bool:
        known = self._credentials
        pairs = (
            (login["vendorID"], known.vendor_id),
            (login["ekp"], known.ekp),
            (login["secret"], known.secret),
            (login["password"], known.password),
        )
        return all(hmac.compare_digest(given.encode(), wanted.encode()) for given, wanted in pairs)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
