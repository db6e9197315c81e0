"""Where a browser wants its messages (RFC 8030) and the keys that encrypt them (RFC 8291): is that usable?

We call that address ourselves, so it must not lead us to places of somebody's choice.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

LONGEST = 1024
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_PLAIN = re.compile(r"[!-~]+")
_HTTPS_PORT = 443
_POINT_BYTES = 65
_AUTH_BYTES = 16
_UNCOMPRESSED = 4
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
"""The curve P-256 (FIPS 186): y² = x³ - 3x + b modulo p."""


def host_of(endpoint: str) -> str:
    """Return the host of the push service."""
    return urlsplit(endpoint).hostname or ""


def is_allowed(endpoint: str, push_hosts: Iterable[str]) -> bool:
    """Say whether an endpoint is at a push service of the list: a name, `*.name`, or `host:port` of a test set-up."""
    if len(endpoint) > LONGEST or _PLAIN.fullmatch(endpoint) is None or "\\" in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if "@" in parts.netloc:
        return False
    allowed = tuple(push_hosts)
    if port is not None and f"{host}:{port}" in allowed:
        return parts.scheme in ("http", "https")
    if parts.scheme != "https" or port not in (None, _HTTPS_PORT):
        return False
    return _NAME.fullmatch(host) is not None and any(_fits(host, each) for each in allowed if ":" not in each)


def are_keys(p256dh: str, auth: str) -> bool:
    """Say whether these are a public key on the curve and a secret of the right length, both base64url."""
    try:
        point, secret = _decoded(p256dh), _decoded(auth)
    except ValueError:
        return False
    return len(secret) == _AUTH_BYTES and len(point) == _POINT_BYTES and _is_on_curve(point)


def _fits(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern


def _decoded(text: str) -> bytes:
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


def _is_on_curve(point: bytes) -> bool:
    if point[0] != _UNCOMPRESSED:
        return False
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    return x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
