"""Really closing a connection under a client's feet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope

Address = tuple[str, int]


class Connections:
    """The open connections by their client's address, which no two share."""

    def __init__(self) -> None:
        self._open: dict[Address, asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """Uvicorn's protocol that reports here."""
        opened = self._open

        class Reported(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:
                super().connection_made(transport)
                if self.client is not None:
                    opened[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client is not None:
                    opened.pop(self.client, None)
                super().connection_lost(exc)

        return Reported

    async def drop(self, scope: Scope, receive: Receive) -> None:
        """Abort without an answer and wait until uvicorn has noticed, or it would send a 500."""
        client: Address = tuple(scope["client"])
        self._open[client].abort()
        while (await receive())["type"] != "http.disconnect":
            pass
