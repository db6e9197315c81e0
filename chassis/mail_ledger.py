"""Single mails to people: recorded in the transaction of their reason, then brought to the relay until they expire.

A row is `sending` before its mail leaves and gets its result after. A process that is killed in between leaves open
whether the relay has the mail: it goes out again with the same Message-ID and is counted as uncertain.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, exists
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import mail_rows
from chassis.clock import Clock, utc_now
from chassis.database import Database
from chassis.dialect import insert_if_absent
from chassis.errors import DependencyDown
from chassis.lease import Lease
from chassis.mail_rows import WaitingMail
from chassis.mail_tables import OutgoingMail
from chassis.mailer import Mailer, Outcome
from chassis.metrics import MAILS
from chassis.tasks import going_on

log = structlog.stdlib.get_logger()

IN_FLIGHT = 16
PER_HOST = 2
IDLE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
PRUNE_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person."""

    mail_id: UUID
    """Derived from the reason: the same twice is one mail."""
    purpose: str
    """A word from code, for logs and metrics."""
    recipient: str
    content: bytes
    """The whole message (RFC 5322) with From, To, Subject and a Message-ID that is always the same."""
    expires_at: datetime


async def record_mail(session: AsyncSession, mail: Mail, *, now: datetime) -> None:
    """Record a mail in the transaction of its reason; the same mail twice is recorded once."""
    row = {
        "mail_id": mail.mail_id,
        "purpose": mail.purpose,
        "recipient": mail.recipient,
        "host": mail.recipient.rpartition("@")[2].lower(),
        "content": mail.content,
        "state": "queued",
        "attempts": 0,
        "uncertain": 0,
        "recorded_at": now,
        "next_try_at": now,
        "expires_at": mail.expires_at,
    }
    await session.execute(insert_if_absent(session, OutgoingMail), [row])
    session.info["recorded"] = True


class MailRelay:
    """Brings recorded mails to the relay; one at a time over all replicas."""

    def __init__(self, database: Database, mailer: Mailer, *, sender: str, now: Clock = utc_now) -> None:
        """Prepare; `sender` is the address that bounces go to."""
        self._database = database
        self._mailer = mailer
        self._sender = sender
        self._now = now
        self._lease = Lease(database, name="mail")
        self._taken_over: int | None = None
        self._in_flight: dict[UUID, str] = {}
        self._pause_seconds = 0.0
        self._paused_until = 0.0
        self._pruned_at: datetime | None = None
        self._wake = asyncio.Event()
        database.after_record(self.wake)

    def wake(self) -> None:
        """Look for mails now."""
        self._wake.set()

    async def run(self) -> None:
        """Relay for ever; an outage of relay or database only delays."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lease.keep(on_taken=self.wake))
            while going_on():
                try:
                    await self._round(group)
                except DependencyDown as error:
                    log.warning("mails.waiting", dependency=error.dependency)
                    await asyncio.sleep(IDLE_SECONDS)
                await self._idle()

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _round(self, group: asyncio.TaskGroup) -> None:
        if not self._lease.held:
            return
        if self._taken_over != self._lease.token:
            await self._take_over()
        await self._tidy()
        if asyncio.get_running_loop().time() < self._paused_until:
            return
        # Again at once: the first may all have been for one host, which now has its places.
        while rows := await self._claim(IN_FLIGHT - len(self._in_flight)):
            for row in rows:
                self._in_flight[row.mail_id] = row.host
                group.create_task(self._bring(row))

    async def _take_over(self) -> None:
        """Take what another process, or this one in an earlier life, has left half done."""
        token = self._lease.token
        repeated = await mail_rows.requeue(self._database, fence=self._fence(), except_for=list(self._in_flight))
        _count(repeated, "uncertain")
        self._taken_over = token

    async def _tidy(self) -> None:
        now = self._now()
        _count(await mail_rows.expire(self._database, now, fence=self._fence()), "expired")
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            await mail_rows.prune(self._database, now)
            self._pruned_at = now

    async def _claim(self, free: int) -> list[WaitingMail]:
        """Mark what is due as `sending`; one host that hangs takes a few places only."""
        on_their_way = Counter(self._in_flight.values())
        full = [host for host, count in on_their_way.items() if count >= PER_HOST]
        if free <= 0:
            return []
        found = await mail_rows.due(self._database, self._now(), limit=free, hosts_to_spare=full)
        rows = _at_most_per_host(found, on_their_way)
        return await mail_rows.claim(self._database, rows, fence=self._fence()) if rows else []

    async def _bring(self, row: WaitingMail) -> None:
        try:
            outcome = await self._mailer.send(self._sender, row.recipient, row.content)
            self._heed(outcome)
            await self._settle(row, outcome)
        finally:
            del self._in_flight[row.mail_id]
            self.wake()

    def _heed(self, outcome: Outcome) -> None:
        """Leave a relay alone that is away, longer each time."""
        if not outcome.relay_away:
            self._pause_seconds = 0.0
            return
        clock = asyncio.get_running_loop().time()
        if clock >= self._paused_until:
            self._pause_seconds = min(max(2 * self._pause_seconds, 1.0), LONGEST_PAUSE_SECONDS)
            self._paused_until = clock + self._pause_seconds
            log.warning("mails.relay_away", reply=outcome.reply)

    async def _settle(self, row: WaitingMail, outcome: Outcome) -> None:
        """Record a result, and try until the database takes it: a lost result would be a mail sent twice."""
        while going_on():
            try:
                await mail_rows.settle(self._database, row, outcome, self._now(), fence=self._fence())
                break
            except DependencyDown:
                await asyncio.sleep(IDLE_SECONDS)
        if not outcome.relay_away:
            MAILS.labels(row.purpose, outcome.kind).inc()

    def _fence(self) -> ColumnElement[bool]:
        return exists().where(self._lease.mine())


def _at_most_per_host(rows: list[WaitingMail], on_their_way: Counter[str]) -> list[WaitingMail]:
    taken = Counter(on_their_way)
    kept: list[WaitingMail] = []
    for row in rows:
        taken[row.host] += 1
        if taken[row.host] <= PER_HOST:
            kept.append(row)
    return kept


def _count(purposes: Counter[str], outcome: str) -> None:
    for purpose, times in purposes.items():
        MAILS.labels(purpose, outcome).inc(times)
