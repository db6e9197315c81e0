"""The ports of a town hall, remembered from one start to the next: other systems have noted them down."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from rathaus.embedded.files import write_whole
from rathaus.embedded.home import Home

_PORTS = TypeAdapter(dict[str, int])


def last_ports(home: Home) -> dict[str, int]:
    """Return the ports of the last start; none when there was none."""
    try:
        return _PORTS.validate_json(home.ports.read_bytes())
    except (OSError, ValidationError):
        return {}


def remember_ports(home: Home, ports: Mapping[str, int]) -> None:
    """Keep them for the next start."""
    write_whole(home.ports, json.dumps(dict(ports), indent=2) + "\n")
