"""Mail addresses as values. How one is checked stands in `storage.addresses`; here no library is needed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A checked address: the part before the @ as the person wrote it, the host in lower case and ASCII."""

    text: str

    @property
    def key(self) -> str:
        """Return what tells one person from another: hosts do not tell cases apart, whatever the RFC allows them."""
        return self.text.lower()

    @property
    def mailbox(self) -> str:
        """Return where it ends up at most hosts: `eva+anything@` is `eva@` (subaddress, RFC 5233)."""
        local, _, host = self.key.rpartition("@")
        return f"{local.partition('+')[0]}@{host}"

    @property
    def host(self) -> str:
        """Return the mail host."""
        return self.text.rpartition("@")[2]


def masked(email: str) -> str:
    """Return an address so that its owner knows it again and nobody else learns it."""
    local, _, host = email.rpartition("@")
    return f"{local[:1]}…@{host}"


def mac(key: bytes, address_key: str) -> str:
    """Return a keyed hash of an address: it finds the same one again and tells nobody which it is."""
    return hmac.new(key, f"address\n{address_key}".encode(), hashlib.sha256).hexdigest()
