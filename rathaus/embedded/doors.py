"""Ports of the town hall: they stay the same for as long as it runs, whatever dies behind them."""

from __future__ import annotations

import contextlib
import fcntl
import socket
from collections.abc import Mapping

from rathaus.embedded.nursery import HIGH_FD

HOST = "127.0.0.1"
_BACKLOG = 128


class Doors:
    """Listening sockets that children inherit, and ports held free for those that cannot."""

    def __init__(self, last: Mapping[str, int] | None = None) -> None:
        """Open none yet; a door has its `last` port again if that is free, since others have noted it down."""
        self._last = last or {}
        self._sockets: dict[str, socket.socket] = {}

    @property
    def ports(self) -> dict[str, int]:
        """The ports of all doors, to be remembered."""
        return {name: self.port(name) for name in self._sockets}

    def open(self, name: str) -> int:
        """Listen on a free port and return the descriptor; while its server restarts, callers queue."""
        listening = self._bound(name)
        listening.listen(_BACKLOG)
        return listening.fileno()

    def reserve(self, name: str) -> int:
        """Hold a free port for a server that opens it itself.

        A bound socket that does not listen keeps the port from everybody except a server with SO_REUSEADDR that
        asks for just this one; between two lives of the server no outgoing connection can take it either.
        """
        self._bound(name)
        return self.port(name)

    def port(self, name: str) -> int:
        """Return the port behind a name."""
        return int(self._sockets[name].getsockname()[1])

    def url(self, name: str) -> str:
        """Return the base URL of a name."""
        return f"http://{HOST}:{self.port(name)}"

    def close(self) -> None:
        """Close all of them."""
        for each in self._sockets.values():
            each.close()
        self._sockets.clear()

    def _bound(self, name: str) -> socket.socket:
        bound = None
        with contextlib.suppress(OSError):
            bound = _bound_to(self._last.get(name, 0))
        self._sockets[name] = bound or _bound_to(0)
        return self._sockets[name]


def _bound_to(port: int) -> socket.socket:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as low:
        bound = socket.socket(fileno=fcntl.fcntl(low.fileno(), fcntl.F_DUPFD_CLOEXEC, HIGH_FD))
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    return bound
