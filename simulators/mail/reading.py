"""A mail taken apart for reading."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass(frozen=True, slots=True)
class Parts:
    """What a mail program would show."""

    headers: list[tuple[str, str]]
    text: str
    html: str


def take_apart(content: bytes) -> Parts:
    """Read a mail as well as it can be read."""
    message = message_from_bytes(content, policy=default)
    headers = [(name, str(value)) for name, value in message.items()]
    return Parts(headers, _body(message, "plain"), _body(message, "html"))


def _body(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError, AttributeError):
        return "(nicht lesbar)"
