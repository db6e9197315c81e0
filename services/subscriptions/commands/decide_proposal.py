"""Decide what the weather watcher has proposed: once, whoever is the first of two."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from chassis.clock import Clock
from chassis.database import Database
from services.subscriptions.commands.change_pool import change
from services.subscriptions.commands.watch_weather import STATES, order_of
from services.subscriptions.domain.master_data import MasterData
from services.subscriptions.storage import pools, weather

Decision = Literal["confirmed", "dismissed"]


class UnknownProposalError(Exception):
    """There is no such proposal."""


class DecidedOtherwiseError(Exception):
    """It cannot be decided so any more."""

    def __init__(self, state: str, pool: str) -> None:
        """State is confirmed, dismissed, automatic or expired."""
        super().__init__(state)
        self.state = state
        self.pool = pool


async def decide_proposal(
    proposal_id: UUID, decision: Decision, *, by: str, database: Database, master: MasterData, now: Clock
) -> str:
    """Confirm or dismiss, and return the pool; the same decision again changes nothing and is no error."""
    async with database.transaction() as session:
        pool = await weather.pool_of(session, proposal_id)
        if pool is None:
            raise UnknownProposalError
        # The pool first, as the watcher does: else the two could wait for each other.
        state = pools.known(await pools.held(session, pool))
        row = await weather.held(session, proposal_id)
        if row.state == decision:
            return pool
        at = now()
        if row.state != "open" or row.expires_at <= at:
            raise DecidedOtherwiseError("expired" if row.state == "open" else row.state, pool)
        weather.decide(row, decision, by=by, at=at)
        if decision == "confirmed" and state.state != STATES[row.action]:
            after = await change(session, pool, order_of(row, state, by, at), master=master, now=now)
            # Never before the closure that it has brought about, which may be a moment ahead of our clock.
            row.decided_at = max(at, after.since or at)
    return pool
