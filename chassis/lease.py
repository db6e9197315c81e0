"""One worker at a time over all replicas: a lease row with a fencing token, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.dialect import insert_if_absent
from chassis.errors import DependencyDown
from chassis.tables import RelayLease
from chassis.tasks import going_on

log = structlog.stdlib.get_logger()

LEASE_SECONDS = 5.0
SKEW_SECONDS = 60.0
"""How far the clocks of two replicas may differ."""


class Lease:
    """Held by at most one process; `token` grows with every take-over, so that its holder sees that it is new."""

    def __init__(self, database: Database, *, name: str, seconds: float = LEASE_SECONDS) -> None:
        """Prepare; `name` is the row, the same for all replicas."""
        self._database = database
        self._name = name
        self._seconds = seconds
        self._holder = uuid4().hex
        self._held_until = 0.0
        self.token: int | None = None

    @property
    def held(self) -> bool:
        """False as soon as it may be another's."""
        return self.token is not None and time.monotonic() < self._held_until

    def mine(self) -> ColumnElement[bool]:
        """Return the condition that fences what a holder writes."""
        return and_(RelayLease.name == self._name, RelayLease.holder == self._holder, RelayLease.token == self.token)

    async def keep(self, *, on_taken: Callable[[], None] = lambda: None) -> None:
        """Take the lease as soon as it is free and renew it, for ever; give it back at the end."""
        # On SQLite the file has one process: whoever held the lease is gone.
        at_once = self._database.is_sqlite
        try:
            while going_on():
                try:
                    before = self.token
                    await self.take(at_once=at_once)
                    at_once = False
                    if self.token not in (None, before):
                        on_taken()
                except DependencyDown as error:
                    log.warning("lease.waiting", lease=self._name, dependency=error.dependency)
                await asyncio.sleep(self._seconds / 5)
        finally:
            await self.release()

    async def take(self, *, at_once: bool = False) -> bool:
        """Renew or take the lease; `at_once` even if its holder has not given it back."""
        started = time.monotonic()
        now = time.time()
        async with self._database.transaction() as session:
            if self.token is None or not await self._renew(session, now):
                self.token = await self._take_over(session, now, at_once=at_once)
        self._held_until = started + self._seconds if self.token is not None else 0.0
        return self.held

    async def release(self) -> None:
        """Give it back, so that a successor need not wait for it to run out."""
        if self.token is None:
            return
        async with self._database.transaction() as session:
            await session.execute(update(RelayLease).where(self.mine()).values(expires_at=0.0))
        self.token = None

    async def _renew(self, session: AsyncSession, now: float) -> bool:
        renewed = await session.execute(
            update(RelayLease).where(self.mine()).values(expires_at=now + self._seconds).returning(RelayLease.token)
        )
        return renewed.first() is not None

    async def _take_over(self, session: AsyncSession, now: float, *, at_once: bool) -> int | None:
        await session.execute(
            insert_if_absent(session, RelayLease),
            [{"name": self._name, "holder": "", "token": 0, "expires_at": 0.0}],
        )
        # A lease from the future was written by a clock that has been put right since.
        free = or_(RelayLease.expires_at < now, RelayLease.expires_at > now + self._seconds + SKEW_SECONDS)
        taken = await session.execute(
            update(RelayLease)
            .where(RelayLease.name == self._name, *(() if at_once else (free,)))
            .values(holder=self._holder, token=RelayLease.token + 1, expires_at=now + self._seconds)
            .returning(RelayLease.token)
        )
        return taken.scalar_one_or_none()
