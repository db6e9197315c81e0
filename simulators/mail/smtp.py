"""The SMTP side: takes every mail, unless a fault is ordered for its recipient."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from aiosmtpd.smtp import SMTP, Envelope, Session

from simulators.mail.bounces import report
from simulators.mail.faults import Faults, Rule
from simulators.mail.store import Store, Stored

_FOR_EVER = 24 * 3600.0


class Desk:
    """What happens to each mail; the names of its methods are those that aiosmtpd calls."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store = store
        self._faults = faults

    async def handle_RCPT(  # noqa: N802 - called by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: Sequence[str]
    ) -> str:
        """Take a recipient, or not."""
        del session
        refusal = await self._suffer(server, self._faults.due(address, "rcpt"))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - called by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the mail for each recipient, or not; it is on the disk before the answer."""
        del session
        struck = {address: self._faults.due(address, "data") for address in envelope.rcpt_tos}
        rules = [rule for each in struck.values() for rule in each]
        refusal = await self._suffer(server, rules)
        if refusal:
            return refusal
        content = envelope.original_content or b""
        sender = envelope.mail_from or ""
        for address, due in struck.items():
            self._store.add(sender, address, content)
            for rule in due:
                if rule.kind == "bounce" and sender:
                    self._bounce_later(rule, Stored(0, time.time(), sender, address, "", "", content))
        if any(rule.kind == "drop_after" for rule in rules):
            await _dropped(server)
        return "250 2.0.0 OK"

    async def _suffer(self, server: SMTP, rules: Sequence[Rule]) -> str:
        """Wait, vanish or refuse as ordered; empty when the mail may go on."""
        for rule in rules:
            if rule.kind == "slow":
                await asyncio.sleep(rule.seconds)
            elif rule.kind == "hang":
                await asyncio.sleep(_FOR_EVER)
            elif rule.kind == "drop_before":
                await _dropped(server)
            elif rule.answer:
                return rule.answer
        return ""

    def _bounce_later(self, rule: Rule, mail: Stored) -> None:
        asyncio.get_running_loop().call_later(rule.seconds, lambda: self._store.add_bounce(mail.sender, report(mail)))


async def _dropped(server: SMTP) -> None:
    """Cut the connection; its end cancels this task."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    await asyncio.sleep(_FOR_EVER)


def session(desk: Desk) -> SMTP:
    """Return the protocol for one connection."""
    return SMTP(desk, hostname="mail.simulator.example", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
