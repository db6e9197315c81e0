"""A mail relay that takes everything as fast as it can, and counts: no queue, no disk, no answer but yes.

    python -m bench.smtp_sink --port 2525

The command XCOUNT, which no mail server knows, tells as JSON what has come.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import socket
import time
from collections import Counter
from dataclasses import dataclass, field

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_END = b"\r\n.\r\n"
_ANSWERS = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
_YES = b"250 2.0.0 yes\r\n"


@dataclass
class Count:
    """What has come."""

    mails: int = 0
    octets: int = 0
    message_ids: Counter[bytes] = field(default_factory=Counter[bytes])
    first_at: float = 0.0
    last_at: float = 0.0

    def add(self, content: bytes | bytearray) -> None:
        """Count a mail."""
        found = _MESSAGE_ID.search(content)
        self.message_ids[found.group(1) if found else b""] += 1
        self.mails += 1
        self.octets += len(content)
        self.last_at = time.time()
        self.first_at = self.first_at or self.last_at

    def told(self) -> dict[str, float]:
        """Return the figures."""
        return {
            "mails": self.mails,
            "octets": self.octets,
            "distinct": len(self.message_ids),
            "first_at": self.first_at,
            "last_at": self.last_at,
        }


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, count: Count) -> None:
        """Begin."""
        self._count = count
        self._buffer = bytearray()
        self._in_data = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        self._buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        mark = _END if self._in_data else b"\r\n"
        end = self._buffer.find(mark)
        if end < 0:
            return False
        taken = bytes(self._buffer[:end])
        del self._buffer[: end + len(mark)]
        if self._in_data:
            self._in_data = False
            self._count.add(taken)
            self._say(_YES)
        else:
            self._obey(taken[:6].upper())
        return True

    def _obey(self, command: bytes) -> None:
        if command == b"XCOUNT":
            self._say(b"250 " + json.dumps(self._count.told()).encode() + b"\r\n")
            return
        verb = command[:4]
        self._in_data = verb == b"DATA"
        self._say(_ANSWERS.get(verb, _YES))
        if verb == b"QUIT" and self._transport is not None:
            self._transport.close()

    def _say(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


def ask(port: int) -> dict[str, float]:
    """Ask a sink what has come."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection, connection.makefile("rwb") as stream:
        stream.readline()
        stream.write(b"XCOUNT\r\n")
        stream.flush()
        return json.loads(stream.readline()[4:])


async def serve(port: int) -> None:
    """Serve until SIGTERM."""
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ending.set)
    count = Count()
    server = await loop.create_server(lambda: Session(count), "127.0.0.1", port)
    async with server:
        await ending.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="a mail relay that only counts")
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(serve(parser.parse_args().port))
