"""When two events are the same: equal attributes and data, however they were written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_MEANT = ("specversion", "id", "source", "type", "subject", "time", "dataschema", "data")
"""What the sender has said. Extension attributes are ignored here too: a repeat carries another trace."""


def canonical(event: Mapping[str, Any]) -> bytes:
    """Write an event so that order, white space and content mode make no difference."""
    meant = {name: event[name] for name in _MEANT if name in event}
    return json.dumps(meant, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def digest(event: Mapping[str, Any]) -> str:
    """Return the hash by which a repeat is told from another event with the same id."""
    return hashlib.sha256(canonical(event)).hexdigest()
