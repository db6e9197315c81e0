"""Whom the limits count: clients and booking numbers, without keeping addresses."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I, which sound or look alike; 32 of them, five bits each."""
_LENGTH = 6
_NETWORK_BYTES = 8


def client_mac(key: bytes, address: str) -> str:
    """Return a keyed hash of a client's address; of IPv6 the network counts (/64), since a home has all of one."""
    return hmac.new(key, b"client\n" + _counted(address), hashlib.sha256).hexdigest()


def _counted(address: str) -> bytes:
    try:
        known = ip_address(address.strip())
    except ValueError:
        return address.strip().encode()
    if isinstance(known, IPv6Address):
        inner = known.ipv4_mapped
        return known.packed[:_NETWORK_BYTES] if inner is None else inner.packed
    return known.packed


def booking_number(chance: int) -> str:
    """Return a short code that can be read out on the phone, from 30 bits of chance."""
    return "".join(_LETTERS[(chance >> (5 * place)) & 31] for place in range(_LENGTH))
