"""One mail over one SMTP connection, and what each answer means.

What the relay says before it has heard the recipient is about us and not about the recipient: such an answer means
that the relay is away. Nothing here logs, and no outcome holds, an address.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

Kind = Literal["accepted", "deferred", "refused", "unknown"]

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)")
_NO_UTF8_THERE = "553 5.6.7"
_PERMANENT = 500
_GOING_AWAY = 421


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail.

    `unknown`: the connection was lost or silent while the mail was handed over, so the relay may have it. Send it
    again with the same Message-ID.
    """

    kind: Kind
    reply: str
    """Code of the answer, with the enhanced code (RFC 3463) if there was one, or the kind of failure."""
    relay_away: bool = False
    """No recipient was heard: nothing is to be held against them."""


class RelayAwayError(Exception):
    """No connection could be had, or the relay will not hear of a mail now."""

    def __init__(self, reply: str, *, stale: bool = False) -> None:
        """Keep the reply; `stale` says that another connection may do better."""
        super().__init__(reply)
        self.reply = reply
        self.stale = stale


async def start_mail(client: aiosmtplib.SMTP, sender: str, recipient: str) -> None:
    """Say MAIL; RelayAwayError when the relay does not answer with yes."""
    wants_utf8 = not (sender.isascii() and recipient.isascii())
    options = [b"SMTPUTF8"] if wants_utf8 and client.supports_extension("smtputf8") else []
    encoded = sender.encode("utf-8" if options else "ascii", errors="ignore")
    try:
        response = await client.execute_command(b"MAIL", b"FROM:<" + encoded + b">", *options)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise RelayAwayError(reason(error, "lost"), stale=not isinstance(error, TimeoutError)) from error
    if response.code != aiosmtplib.SMTPStatus.completed:
        raise RelayAwayError(_reply(response), stale=response.code == _GOING_AWAY)


async def transfer(client: aiosmtplib.SMTP, recipient: str, content: bytes) -> Outcome:
    """Say RCPT and DATA after `start_mail`."""
    if not recipient.isascii() and not client.supports_extension("smtputf8"):
        return Outcome("refused", _NO_UTF8_THERE)
    try:
        response = await client.execute_command(b"RCPT", b"TO:<" + recipient.encode() + b">")
    except (aiosmtplib.SMTPException, OSError) as error:
        client.close()
        return Outcome("deferred", reason(error, "lost"))
    if response.code not in (aiosmtplib.SMTPStatus.completed, aiosmtplib.SMTPStatus.will_forward):
        return _negative(response)
    try:
        response = await client.data(content)
    except aiosmtplib.SMTPDataError as refusal:
        if refusal.code == _GOING_AWAY:
            client.close()
        return _negative(aiosmtplib.SMTPResponse(refusal.code, refusal.message))
    except (aiosmtplib.SMTPException, OSError) as error:
        client.close()
        return Outcome("unknown", reason(error, "lost"))
    return Outcome("accepted", _reply(response))


async def reset(client: aiosmtplib.SMTP) -> None:
    """Forget a mail that was begun; a connection that will not is closed."""
    try:
        await client.rset()
    except (aiosmtplib.SMTPException, OSError):
        client.close()


async def leave(client: aiosmtplib.SMTP) -> None:
    """Say QUIT, but do not insist on the answer."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=1)
    client.close()


def reason(error: BaseException, otherwise: str) -> str:
    """Return a code or a word of our own; an answer's text may quote an address."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        return _reply(aiosmtplib.SMTPResponse(error.code, error.message))
    if isinstance(error, TimeoutError):
        return "time-out"
    if isinstance(error, ssl.SSLError | aiosmtplib.SMTPNotSupported):
        return "no TLS or login there"
    return otherwise


def _negative(response: aiosmtplib.SMTPResponse) -> Outcome:
    return Outcome("refused" if response.code >= _PERMANENT else "deferred", _reply(response))


def _reply(response: aiosmtplib.SMTPResponse) -> str:
    enhanced = _ENHANCED.match(response.message)
    return f"{response.code} {enhanced.group()}" if enhanced else str(response.code)
