"""Two places where nats-py believes what the sender of a message wrote.

Systems that are not ours publish on our bus. What they write into the headers must neither hide a message from its
handler nor end the connection of whoever reads it.
"""

from __future__ import annotations

from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

_ACK_REPLY = "$JS.ACK."
_CRLF = b"\r\n"
_status_of = JetStreamContext.is_status_msg
_process_headers: Any = getattr(Client, "_process_headers")  # noqa: B009 - private, and untyped in the library


def _server_status(_context: type[JetStreamContext], message: Msg | None) -> str | None:
    """Return the server's status message, None for a stored message.

    The library looks at the header `Status` alone, which any sender may set: such a message would never reach its
    handler. What comes from a stream has an address for its acknowledgement, a status has none.
    """
    if message is None or message.reply.startswith(_ACK_REPLY):
        return None
    return _status_of(message)


async def _readable_headers(client: Client, headers: bytes) -> dict[str, str] | None:
    """Parse a header block; one with a first line that is no text would end the reading of the whole connection."""
    try:
        return await _process_headers(client, headers)
    except (ValueError, IndexError):
        return client._parse_header_lines(bytes(headers).partition(_CRLF)[2])  # pyright: ignore[reportPrivateUsage] # noqa: SLF001 - as the library does


def install() -> None:
    """Mend the library; a second time changes nothing."""
    # A class method put in from outside has another type than one that was defined inside.
    JetStreamContext.is_status_msg = classmethod(_server_status)  # pyright: ignore[reportAttributeAccessIssue]
    setattr(Client, "_process_headers", _readable_headers)  # noqa: B010 - private, and untyped in the library
