"""A NATS client of forty lines that writes whatever header block it is given; a library would refuse most of them."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import nkeys

from tests.support.nats import NatsServer

_INBOX = "_INBOX.raw"


@dataclass
class RawNats:
    """One connection of a foreign system; each publish asks for its acknowledgement."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    answers: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    errors: list[str] = field(default_factory=list[str])
    _count: int = 0

    async def publish(self, subject: str, header: bytes, body: bytes) -> int:
        """Send a message with this header block, from `NATS/1.0` to the empty line; return its number."""
        self._count += 1
        self.writer.write(f"HPUB {subject} {_INBOX}.{self._count} {len(header)} {len(header) + len(body)}\r\n".encode())
        self.writer.write(header + body + b"\r\n")
        await self.writer.drain()
        return self._count

    async def listen(self) -> None:
        """Gather acknowledgements and errors until the server hangs up."""
        while line := (await self.reader.readline()).decode().split():
            match line:
                case ["PING"]:
                    self.writer.write(b"PONG\r\n")
                case ["MSG", subject, _, size]:
                    content = (await self.reader.readexactly(int(size) + 2)).decode()
                    self.answers[int(subject.rpartition(".")[2])] = json.loads(content)
                case ["HMSG", subject, _, _, size]:
                    await self.reader.readexactly(int(size) + 2)
                    self.answers[int(subject.rpartition(".")[2])] = {"error": "no stream"}
                case ["-ERR", *words]:
                    self.errors.append(" ".join(words))
                case _:
                    pass

    async def settle(self, *, seconds: float = 1.0) -> None:
        """Wait until no answer has come for so long; some messages never get one."""
        known = -1
        while known != len(self.answers):
            known = len(self.answers)
            await asyncio.sleep(seconds)


@asynccontextmanager
async def raw_nats(server: NatsServer, system: str) -> AsyncGenerator[RawNats]:
    """Connect with the key of a foreign system."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    told = json.loads((await reader.readline()).removeprefix(b"INFO "))
    keys = nkeys.from_seed(server.foreign_seed(system).read_bytes())
    signature: bytes = cast("Any", keys).sign(told["nonce"].encode())
    signed = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    options = {"nkey": keys.public_key.decode(), "sig": signed, "headers": True, "verbose": False, "pedantic": False}
    writer.write(f"CONNECT {json.dumps(options)}\r\nSUB {_INBOX}.* 1\r\n".encode())
    raw = RawNats(reader, writer)
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(raw.listen())
        try:
            yield raw
        finally:
            listening.cancel()
            writer.close()
