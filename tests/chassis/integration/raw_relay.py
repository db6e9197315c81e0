"""A relay that says what a test tells it to, line by line."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

Script = Callable[[str], str]
"""Command -> answer; an empty answer cuts the connection, `-` says nothing."""


def agreeable(command: str) -> str:
    """Answer as a relay that takes everything."""
    return {"EHLO": "250 hello", "DATA": "354 go on", ".": "250 2.0.0 taken", "QUIT": "221 bye"}.get(command, "250 yes")


class RawRelay:
    def __init__(self, script: Script = agreeable, *, tls: ssl.SSLContext | None = None, most: int = 1000) -> None:
        self.script = script
        self.tls = tls
        self.most = most
        """So many connections at once; one more is told to come later."""
        self.connections = 0
        self.open = 0
        self.said: list[str] = []
        self.port = 0

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[RawRelay]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.open == self.most:
            writer.write(b"421 4.7.0 too many connections\r\n")
            writer.close()
            return
        self.open += 1
        writer.write(b"220 here\r\n")
        try:
            while line := await reader.readline():
                if not await self._answer(line.decode().strip(), reader, writer):
                    break
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.said.append(line)
        command = line.split(" ", maxsplit=1)[0].upper()
        answer = self.script(command)
        if answer == "-":
            await asyncio.sleep(30)
        writer.write(f"{answer}\r\n".encode() if answer else b"")
        if answer.startswith("354"):
            await reader.readuntil(b"\r\n.\r\n")
            return await self._answer(".", reader, writer)
        if command == "STARTTLS" and self.tls is not None:
            await writer.start_tls(self.tls)
        return bool(answer) and command != "QUIT"
