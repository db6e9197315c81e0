"""Ports of the town hall: they stay the same for as long as it runs, whatever dies behind them."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"
_BACKLOG = 128


class Doors:
    """Listening sockets that children inherit, and ports held free for those that cannot."""

    def __init__(self) -> None:
        """Open none yet."""
        self._sockets: dict[str, socket.socket] = {}

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
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, 0))
        self._sockets[name] = bound
        return bound
