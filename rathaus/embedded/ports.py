"""The ports of a town hall, remembered from one start to the next: other systems have noted them down."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from rathaus.embedded.files import write_whole
from rathaus.embedded.home import Home

_PORTS = TypeAdapter(dict[str, object])
_HIGHEST = 65_535


def last_ports(home: Home) -> dict[str, int]:
    """Return the ports of the last start, without what is none; empty when there was no start."""
    try:
        noted = _PORTS.validate_json(home.ports.read_bytes())
    except (OSError, ValidationError):
        return {}
    return {name: port for name, port in noted.items() if isinstance(port, int) and 0 < port <= _HIGHEST}


def remember_ports(home: Home, ports: Mapping[str, int]) -> None:
    """Keep them for the next start."""
    write_whole(home.ports, json.dumps(dict(ports), indent=2) + "\n")
