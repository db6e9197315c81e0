"""Mails to the town's relay (SMTP): connections are kept and used again."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import deque
from dataclasses import dataclass, field
from time import monotonic

import aiosmtplib

from chassis import smtp
from chassis.smtp import Outcome, RelayAwayError

__all__ = ["MailRelaySettings", "Mailer", "Outcome", "relay_address"]

FULL_SECONDS = 30.0
"""So long no more connections are asked of a relay that has refused one while others were at work."""
_UNFIT = re.compile(r"[\s<>\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class MailRelaySettings:
    """Where the relay is and how it is to be treated."""

    host: str
    port: int
    ehlo_name: str = "localhost"
    """How we introduce ourselves: the domain that mails come from."""
    tls: bool = False
    """STARTTLS, with the certificate checked; without it nothing is sent."""
    tls_context: ssl.SSLContext | None = None
    """In place of the machine's own certificate authorities."""
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 16
    mails_per_connection: int = 1000
    idle_seconds: float = 30.0
    connect_seconds: float = 5.0
    command_seconds: float = 30.0


def relay_address(text: str) -> tuple[str, int]:
    """Return host and port of `host:port`; ValueError for anything else."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal():
        message = "the mail relay is given as host:port"
        raise ValueError(message)
    return host.strip("[]"), int(port)


@dataclass(slots=True)
class _Connection:
    client: aiosmtplib.SMTP
    mails: int = 0
    idle_since: float = 0.0


class Mailer:
    """Sends mails one by one over as many connections as the settings allow; safe for concurrent use."""

    def __init__(self, settings: MailRelaySettings) -> None:
        """Open nothing yet."""
        self._settings = settings
        self._free = asyncio.Semaphore(settings.connections)
        self._idle: deque[_Connection] = deque()
        self._sweeping: asyncio.TimerHandle | None = None
        self._beginning = 0
        self._at_work = 0
        self._moved = asyncio.Event()
        self._full_until = 0.0

    async def send(self, sender: str, recipient: str, content: bytes) -> Outcome:
        """Hand one mail to the relay; `content` is the whole message (RFC 5322). Never raises for a bad answer."""
        if not recipient or _UNFIT.search(sender) or _UNFIT.search(recipient):
            return Outcome("refused", "501 5.1.3")
        async with self._free:
            try:
                connection = await self._begun(sender, recipient)
            except RelayAwayError as away:
                return Outcome("deferred", away.reply, relay_away=True)
            try:
                outcome = await smtp.transfer(connection.client, recipient, content)
                await self._put_back(connection, clean=outcome.kind == "accepted")
            except BaseException:
                # Cancelled in the middle of a mail: the next answer would be taken for another's.
                connection.client.close()
                raise
            finally:
                self._at_work -= 1
                self._moved.set()
            return outcome

    async def close(self) -> None:
        """Take leave on every idle connection."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        while self._idle:
            await smtp.leave(self._idle.pop().client)

    async def _begun(self, sender: str, recipient: str) -> _Connection:
        """Return a connection on which the mail has begun.

        A relay that refuses one more connection while others are at work is not away, it is full: wait for one of them.
        """
        while True:
            begun = await self._begun_on_idle(sender, recipient)
            if begun is not None:
                return begun
            if monotonic() < self._full_until and (self._at_work or self._beginning):
                await self._move()
                continue
            try:
                return await self._begun_on(None, sender, recipient)
            except RelayAwayError:
                while self._beginning and not self._at_work:
                    await self._move()
                if not self._at_work:
                    raise
                self._full_until = monotonic() + FULL_SECONDS

    async def _begun_on_idle(self, sender: str, recipient: str) -> _Connection | None:
        """Take an idle connection that lives; those that have died are dropped."""
        while self._idle:
            # The one used last is the likeliest to live; the others may grow old and be closed.
            connection = self._idle.pop()
            if not connection.client.is_connected:
                continue
            try:
                return await self._begun_on(connection, sender, recipient)
            except RelayAwayError as error:
                if not error.stale:
                    raise
        return None

    async def _move(self) -> None:
        """Wait until a connection is free or gone, or there is one more."""
        self._moved.clear()
        await self._moved.wait()

    async def _begun_on(self, idle: _Connection | None, sender: str, recipient: str) -> _Connection:
        """Begin a mail on an idle connection, or on a new one."""
        self._beginning += 1
        connection = idle
        try:
            connection = connection or _Connection(await self._connect())
            await smtp.start_mail(connection.client, sender, recipient)
        except BaseException:
            if connection is not None:
                connection.client.close()
            raise
        finally:
            self._beginning -= 1
            self._moved.set()
        self._at_work += 1
        return connection

    async def _connect(self) -> aiosmtplib.SMTP:
        relay = self._settings
        client = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            local_hostname=relay.ehlo_name,
            username=relay.user or None,
            password=relay.password or None,
            start_tls=relay.tls,
            tls_context=relay.tls_context,
            timeout=relay.connect_seconds,
        )
        try:
            await client.connect()
            await client.ehlo()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            raise RelayAwayError(smtp.reason(error, "no connection")) from error
        client.timeout = relay.command_seconds
        return client

    async def _put_back(self, connection: _Connection, *, clean: bool) -> None:
        """Keep a connection for the next mail, unless it is lost or worn out."""
        client = connection.client
        if not clean and client.is_connected:
            await smtp.reset(client)
        connection.mails += 1
        if not client.is_connected:
            return
        if connection.mails >= self._settings.mails_per_connection:
            await smtp.leave(client)
            return
        connection.idle_since = monotonic()
        self._idle.append(connection)
        if self._sweeping is None:
            self._sweep_later()

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeping = loop.call_later(self._settings.idle_seconds, self._sweep)

    def _sweep(self) -> None:
        """Close what nobody has used for a while: a relay counts its connections."""
        self._sweeping = None
        while self._idle and monotonic() - self._idle[0].idle_since >= self._settings.idle_seconds * 0.9:
            self._idle.popleft().client.close()
        if self._idle:
            self._sweep_later()
