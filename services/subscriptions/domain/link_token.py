"""Links in mails: whoever holds one may do what it is for. Nothing is stored; a key signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Literal

Purpose = Literal["signup", "preferences", "unsubscribe", "bounce"]
_MAC_BYTES = 16
_LONGEST = 200
_FOLDED: Purpose = "bounce"
"""It stands in the local part of an address (VERP), which mail hosts write in lower case on the way."""


def sign(key: bytes, purpose: Purpose, subject: str) -> str:
    """Return a token of URL-safe characters for one purpose; one for a bounce survives a change of case."""
    parts = (subject.encode(), _mac(key, purpose, subject))
    return ".".join(_fold(part) if purpose == _FOLDED else _encode(part) for part in parts)


def read(key: bytes, purpose: Purpose, token: str) -> str | None:
    """Return what a token was made for; None when it is not ours or for another purpose."""
    body, dot, mac = token.partition(".")
    if not dot or len(token) > _LONGEST:
        return None
    decode = _unfold if purpose == _FOLDED else _decode
    try:
        subject = decode(body).decode()
        given = decode(mac)
    except ValueError:
        return None
    return subject if hmac.compare_digest(given, _mac(key, purpose, subject)) else None


def _mac(key: bytes, purpose: str, subject: str) -> bytes:
    return hmac.new(key, f"{purpose}\n{subject}".encode(), hashlib.sha256).digest()[:_MAC_BYTES]


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _fold(value: bytes) -> str:
    return base64.b32encode(value).rstrip(b"=").decode().lower()


def _unfold(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8), casefold=True)
