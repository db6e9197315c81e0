"""A push service on this machine that reads what it gets, as the browser would."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class Browser:
    """Who has subscribed: an address and keys that only it knows."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"

    @property
    def p256dh(self) -> str:
        return b64(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def read(self, body: bytes) -> dict[str, Any]:
        return json.loads(
            http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm").decode()
        )


class PushService:
    def __init__(self) -> None:
        self.answer = "201 Created"
        self.fields = ""
        self.silent = False
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.host = ""

    @property
    def endpoint(self) -> str:
        return f"http://{self.host}/push/ada"

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[PushService]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield self
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(fields["content-length"]))
            self.requests.append((head[0], fields, body))
            if not self.silent:
                writer.write(
                    f"HTTP/1.1 {self.answer}\r\n{self.fields}content-length: 0\r\nconnection: close\r\n\r\n".encode()
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
