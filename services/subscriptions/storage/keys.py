"""The key of the town, from a file."""

from __future__ import annotations

from pathlib import Path

SHORTEST = 32


def link_key(path: Path) -> bytes:
    """Return the secret that signs links."""
    key = path.read_bytes().strip()
    if len(key) < SHORTEST:
        message = f"the key in {path.name} needs at least {SHORTEST} bytes"
        raise ValueError(message)
    return key
