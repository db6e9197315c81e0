"""What a staff device is known by: a link that was handed over, a PIN on top of it, and sessions.

A link and a session are random beyond guessing, so a plain hash of them is kept. A PIN is not: it is hashed slowly,
and its guesses are counted (see `tries`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

PIN_DIGITS = 6
_TOKEN_BYTES = 32
_SALT_BYTES = 16
_SCRYPT_COST = 2**14
"""16 MB and some 40 ms for each guess."""


def new_token() -> str:
    """Return a token for a link or a session, 43 URL-safe characters."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is kept of a token, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_pin() -> str:
    """Return a PIN of six digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


@dataclass(frozen=True, slots=True)
class PinSecret:
    """What is kept of a PIN."""

    salt: bytes
    hash: bytes

    @classmethod
    def of(cls, pin: str) -> PinSecret:
        """Hash a PIN with a salt of its own; slow on purpose."""
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(salt, _slow_hash(pin, salt))

    def fits(self, pin: str) -> bool:
        """Say whether it is this PIN; slow on purpose."""
        return hmac.compare_digest(self.hash, _slow_hash(pin, self.salt))


def _slow_hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_SCRYPT_COST, r=8, p=1, dklen=32)
