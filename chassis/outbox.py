"""The outbox: state and event in one transaction, and the relay that brings the event to the bus.

One relay at a time, held by a lease row with a fencing token; the same code on SQLite and PostgreSQL. A row that
keeps failing is parked with an alarm and blocks nobody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.js import JetStreamContext
from nats.js.api import PubAck
from nats.js.errors import BadRequestError
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import jetstream, publish_async
from chassis.clock import utc_now
from chassis.database import Database
from chassis.dialect import insert_if_absent
from chassis.errors import DependencyDown
from chassis.metrics import OUTBOX_AGE, OUTBOX_DEPTH, OUTBOX_PARKED
from chassis.tables import OutboxRow, RelayLease
from chassis.tasks import going_on
from chassis.tracing import current_traceparent
from contracts.base import CloudEvent, Message
from contracts.catalogue import BY_SUBJECT
from contracts.topology import MAX_PAYLOAD

log = structlog.stdlib.get_logger()

_LEASE = "outbox"
LEASE_SECONDS = 5.0
SKEW_SECONDS = 60.0
"""How far the clocks of two replicas may differ."""
BATCH = 500
PARK_AFTER = 5
KEEP_SENT = timedelta(days=7)
ACK_SECONDS = 5.0
IDLE_SECONDS = 1.0
OBSERVE_SECONDS = 1.0
GATHER_SECONDS = 0.005
"""How long a round waits for company after the first event: under load one round then serves many."""


async def record(session: AsyncSession, events: Sequence[CloudEvent[Message]]) -> None:
    """Record events in the transaction of the state that they tell of; the same event twice is recorded once.

    Raises ValueError for a subject outside the catalogue or a body that the bus would refuse: such a row could
    never be sent.
    """
    if not events:
        return
    traceparent = current_traceparent()
    now = utc_now()
    rows = [
        {
            "event_key": each.key(),
            "subject": each.data.address(),
            "body": _checked_body(each),
            "traceparent": traceparent,
            "recorded_at": now,
        }
        for each in events
    ]
    await session.execute(insert_if_absent(session, OutboxRow), rows)
    session.info["recorded"] = True


def _checked_body(event: CloudEvent[Message]) -> str:
    if event.data.subject not in BY_SUBJECT:
        message = f"{event.data.subject} is not in the catalogue"
        raise ValueError(message)
    body = event.model_dump_json()
    if len(body.encode()) > MAX_PAYLOAD:
        message = f"{event.data.subject} is larger than {MAX_PAYLOAD} bytes"
        raise ValueError(message)
    return body


@dataclass(frozen=True, slots=True)
class _Row:
    position: int
    event_key: str
    subject: str
    body: str
    traceparent: str | None


class Relay:
    """Brings recorded events to the bus, in order of their recording, until stopped."""

    def __init__(
        self,
        database: Database,
        *,
        name: str,
        forbids: Callable[[str], bool] = lambda _subject: False,
        lease_seconds: float = LEASE_SECONDS,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        """Prepare; `name` tells in the lease who relays, `forbids` whether the bus has refused us a subject."""
        self._database = database
        self._forbids = forbids
        self._lease_seconds = lease_seconds
        self._ack_seconds = ack_seconds
        self._holder = f"{name}-{uuid4().hex[:12]}"
        self._token: int | None = None
        self._held_until = 0.0
        self._wake = asyncio.Event()
        self._pruned_at = 0.0
        self._observed_at = 0.0
        database.after_record(self._wake.set)

    async def run(self, client: Client) -> None:
        """Relay for ever; an outage of bus or database only delays."""
        # One context for all rounds: each would leave a subscription for its acknowledgements behind.
        stream = jetstream(client)
        while going_on():
            try:
                busy = await self._round(client, stream)
            except (DependencyDown, NatsError, OSError, TimeoutError) as error:
                log.warning("outbox.waiting", reason=type(error).__name__)
                busy = False
                await asyncio.sleep(IDLE_SECONDS)
            if not busy:
                await self._idle()

    async def release(self) -> None:
        """Give the lease back, so that a successor need not wait for it to run out."""
        if self._token is not None:
            async with self._database.transaction() as session:
                await session.execute(
                    update(RelayLease).where(self._held()).values(expires_at=0.0),
                )

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _round(self, client: Client, stream: JetStreamContext) -> bool:
        await self._observe()
        if not client.is_connected or not await self._take_lease():
            return False
        rows = await self._unsent()
        if not rows:
            await self._prune()
            return False
        acknowledged, refused = await self._publish(stream, rows)
        await self._mark(acknowledged, refused)
        return bool(acknowledged)

    async def _take_lease(self) -> bool:
        now = time.time()
        if self._token is not None and now < self._held_until - self._lease_seconds / 2:
            return True
        async with self._database.transaction() as session:
            await session.execute(
                insert_if_absent(session, RelayLease),
                [{"name": _LEASE, "holder": "", "token": 0, "expires_at": 0.0}],
            )
            if self._token is not None:
                renewed = await session.execute(
                    update(RelayLease)
                    .where(self._held())
                    .values(expires_at=now + self._lease_seconds)
                    .returning(RelayLease.token)
                )
                if renewed.first() is not None:
                    self._held_until = now + self._lease_seconds
                    return True
            taken = await session.execute(
                update(RelayLease)
                .where(
                    RelayLease.name == _LEASE,
                    # A lease from the future was written by a clock that has been put right since.
                    or_(RelayLease.expires_at < now, RelayLease.expires_at > now + self._lease_seconds + SKEW_SECONDS),
                )
                .values(holder=self._holder, token=RelayLease.token + 1, expires_at=now + self._lease_seconds)
                .returning(RelayLease.token)
            )
            self._token = taken.scalar_one_or_none()
        self._held_until = now + self._lease_seconds
        return self._token is not None

    def _held(self) -> ColumnElement[bool]:
        return and_(RelayLease.name == _LEASE, RelayLease.holder == self._holder, RelayLease.token == self._token)

    async def _unsent(self) -> list[_Row]:
        columns = (
            OutboxRow.position,
            OutboxRow.event_key,
            OutboxRow.subject,
            OutboxRow.body,
            OutboxRow.traceparent,
        )
        async with self._database.reading() as session:
            waiting = and_(OutboxRow.sent_at.is_(None), OutboxRow.parked_at.is_(None))
            rows = await session.execute(select(*columns).where(waiting).order_by(OutboxRow.position).limit(BATCH))
            return [_Row(*row) for row in rows]

    async def _observe(self) -> None:
        """Measure the outbox, lease or not: nobody else would tell of a relay that stands still."""
        if time.monotonic() - self._observed_at < OBSERVE_SECONDS:
            return
        self._observed_at = time.monotonic()
        waiting = and_(OutboxRow.sent_at.is_(None), OutboxRow.parked_at.is_(None))
        async with self._database.reading() as session:
            depth, oldest = (
                await session.execute(
                    select(func.count(OutboxRow.position), func.min(OutboxRow.recorded_at)).where(waiting)
                )
            ).one()
            parked = await session.scalar(
                select(func.count(OutboxRow.position)).where(OutboxRow.parked_at.is_not(None))
            )
        OUTBOX_DEPTH.set(depth)
        OUTBOX_AGE.set((utc_now() - oldest).total_seconds() if oldest else 0)
        OUTBOX_PARKED.set(parked or 0)

    async def _publish(self, stream: JetStreamContext, rows: list[_Row]) -> tuple[list[int], dict[int, str]]:
        """Publish a batch; return what the bus acknowledged and what it refused for a reason of the row's own.

        Silence alone is an outage and no fault of the row: a stream without quorum or with a slow disk is silent too.
        """
        pending: dict[int, asyncio.Future[PubAck]] = {}
        refused: dict[int, str] = {}
        for row in rows:
            headers = {"Nats-Msg-Id": row.event_key, "content-type": "application/json"}
            if row.traceparent is not None:
                headers["traceparent"] = row.traceparent
            try:
                pending[row.position] = await publish_async(stream, row.subject, row.body.encode(), headers)
            except MaxPayloadError:
                refused[row.position] = "larger than the server takes"
        if pending:
            await asyncio.wait(pending.values(), timeout=self._ack_seconds)
        acknowledged, silent = _sort(pending, refused)
        subjects = {row.position: row.subject for row in rows}
        refused |= {position: "forbidden subject" for position in silent if self._forbids(subjects[position])}
        return acknowledged, refused

    async def _mark(self, acknowledged: list[int], refused: dict[int, str]) -> None:
        """Note what the bus has; a relay that lost its lease meanwhile marks nothing."""
        mine = exists().where(self._held())
        now = utc_now()
        async with self._database.transaction() as session:
            if acknowledged:
                await session.execute(
                    update(OutboxRow).where(OutboxRow.position.in_(acknowledged), mine).values(sent_at=now)
                )
            for position, reason in refused.items():
                failed = await session.scalar(
                    update(OutboxRow)
                    .where(OutboxRow.position == position, mine)
                    .values(failures=OutboxRow.failures + 1, reason=reason)
                    .returning(OutboxRow.failures)
                )
                if failed is not None and failed >= PARK_AFTER:
                    await session.execute(update(OutboxRow).where(OutboxRow.position == position).values(parked_at=now))
                    log.error("outbox.parked", position=position, reason=reason)

    async def _prune(self) -> None:
        if time.monotonic() - self._pruned_at < KEEP_SENT.total_seconds() / 1000:
            return
        self._pruned_at = time.monotonic()
        async with self._database.transaction() as session:
            await session.execute(delete(OutboxRow).where(OutboxRow.sent_at < utc_now() - KEEP_SENT))


def _sort(pending: dict[int, asyncio.Future[PubAck]], refused: dict[int, str]) -> tuple[list[int], list[int]]:
    acknowledged: list[int] = []
    silent: list[int] = []
    for position, future in pending.items():
        if not future.done():
            future.cancel()
            silent.append(position)
        elif (error := future.exception()) is None:
            acknowledged.append(position)
        elif isinstance(error, BadRequestError):
            refused[position] = f"refused by the stream, code {error.err_code}"
        else:
            # No stream yet, or JetStream is still recovering: an outage, and no fault of the row.
            log.warning("outbox.stream_away", reason=type(error).__name__)
    return acknowledged, silent
