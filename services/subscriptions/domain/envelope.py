"""What is on the outside of a mail: who sends it, which message it is, where a bounce goes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from email.utils import formataddr, parseaddr

_ID_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class House:
    """The town as a sender."""

    name: str
    address: str
    portal_url: str
    """Without a slash at the end."""

    @property
    def domain(self) -> str:
        """The domain of the town's mails."""
        return self.address.rpartition("@")[2]

    @property
    def mailbox(self) -> str:
        """The From header, encoded where needed (RFC 2047)."""
        return formataddr((self.name, self.address))


def house_of(mail_from: str, portal_url: str) -> House:
    """Read `Name <address>`; ValueError when there is no address in it."""
    name, address = parseaddr(mail_from)
    if "@" not in address or not address.isascii():
        message = "the sender of mails is given as Name <address>"
        raise ValueError(message)
    return House(name, address, portal_url.rstrip("/"))


def message_id(key: bytes, announcement_id: int, subscriber_id: int, domain: str) -> str:
    """Return the Message-ID of one announcement to one person: always the same, and not to be guessed."""
    made_of = f"message\n{announcement_id}|{subscriber_id}".encode()
    return f"<{hmac.new(key, made_of, hashlib.sha256).hexdigest()[:_ID_CHARACTERS]}@{domain}>"


def bounce_address(token: str, domain: str) -> str:
    """Return the envelope sender of one mail (VERP), so that a bounce names it."""
    return f"bounce+{token}@{domain}"


def list_id(topic: str, domain: str) -> str:
    """Return the identity of a topic as a mailing list (RFC 2919), by which mail programs sort."""
    return f"<{topic.replace('_', '-')}.{domain}>"
