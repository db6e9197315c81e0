"""HTTP clients for processes of this machine."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""No test speaks TLS to the world. To load its authorities takes 20 ms, and who waits asks many times a second."""


def asking(url: str, **options: Any) -> httpx.AsyncClient:
    """Return a client for one address."""
    return httpx.AsyncClient(base_url=url, verify=_NO_AUTHORITIES, **options)
