"""Links in mails: whoever holds one may see and change one booking. Nothing is stored; a key signs them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Literal
from uuid import UUID

Purpose = Literal["booking", "calendar", "feed", "confirm", "waiting", "join", "ticket", "queue"]
_MAC_BYTES = 16
_LENGTH = 16 + _MAC_BYTES


def sign(key: bytes, purpose: Purpose, subject: UUID) -> str:
    """Return a token of 43 URL-safe characters."""
    return base64.urlsafe_b64encode(subject.bytes + _mac(key, purpose, subject)).rstrip(b"=").decode()


def read(key: bytes, purpose: Purpose, token: str) -> UUID | None:
    """Return what a token was made for; None when it is not ours or for another purpose."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != _LENGTH:
        return None
    subject = UUID(bytes=raw[:16])
    return subject if hmac.compare_digest(raw[16:], _mac(key, purpose, subject)) else None


def _mac(key: bytes, purpose: str, subject: UUID) -> bytes:
    return hmac.new(key, purpose.encode() + b"\n" + subject.bytes, hashlib.sha256).digest()[:_MAC_BYTES]
