"""Proof of work in the scheme that Altcha published: the browser guesses a number, we only check. Nothing is stored.

The salt carries the expiry and ends in `&`: the number begins behind it, and no digit of one passes for the other's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qs

ALGORITHM = "SHA-256"
VALID = timedelta(minutes=20)
_LONGEST = 1000
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser gets: find the number up to `maxnumber` with sha256(salt + number) == challenge."""

    challenge: str
    salt: str
    maxnumber: int
    signature: str
    algorithm: str = ALGORITHM


@dataclass(frozen=True, slots=True)
class Proof:
    """A right answer. Whether it was used before, only the database knows."""

    challenge: str
    expires_at: datetime


def challenge_of(key: bytes, *, number: int, nonce: str, difficulty: int, now: datetime) -> Challenge:
    """Return a challenge whose answer is `number`, drawn by the caller from 0 to `difficulty`."""
    salt = f"{nonce}?expires={int((now + VALID).timestamp())}&"
    challenge = _hashed(salt, number)
    return Challenge(challenge, salt, difficulty, _signature(key, challenge))


def proven(key: bytes, solution: str, *, now: datetime) -> Proof | None:
    """Return what a solution (base64 of JSON) proves; None when it is wrong, not ours, too old, or garbage."""
    fields = _fields(solution)
    challenge, salt, number = fields.get("challenge"), fields.get("salt"), fields.get("number")
    signature = fields.get("signature")
    if not (isinstance(challenge, str) and isinstance(salt, str) and isinstance(signature, str)):
        return None
    if type(number) is not int or fields.get("algorithm") != ALGORITHM or not salt.endswith("&"):
        return None
    if not _same(challenge, _hashed(salt, number)) or not _same(signature, _signature(key, challenge)):
        return None
    expires_at = _expiry(salt)
    return Proof(challenge, expires_at) if expires_at is not None and now < expires_at else None


def _fields(solution: str) -> dict[str, Any]:
    if len(solution) > _LONGEST:
        return {}
    try:
        found: object = json.loads(base64.b64decode(solution, validate=True))
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _expiry(salt: str) -> datetime | None:
    found = parse_qs(salt.partition("?")[2]).get("expires", [""])[0]
    if not (found.isascii() and found.isdigit() and int(found) < _LATEST):
        return None
    return datetime.fromtimestamp(int(found), tz=UTC)


def _hashed(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode(errors="replace")).hexdigest()


def _signature(key: bytes, challenge: str) -> str:
    own = hmac.digest(key, b"proof of work", "sha256")
    return hmac.new(own, challenge.encode(), hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode())
