"""What the HTTP side reads of the weather."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.queries import Json
from services.subscriptions.storage import weather as rows
from services.subscriptions.storage.tables import PoolRow, ProposalRow, WeatherWatchRow

WATCH_STATES = ("seeing", "stale", "blind", "unwatched")
_HAS_EFFECT_ON = {"close": "open", "reopen": "closed"}


async def weather(session: AsyncSession, pool: str, *, at: datetime, gap: timedelta) -> Json:
    """Return the watch of one pool, and the proposals that wait for a decision; a look before `gap` says nothing."""
    watch = await session.get(WeatherWatchRow, pool)
    row = await session.get(PoolRow, pool)
    state = "open" if row is None else row.state
    waiting = await rows.open_proposals(session, pool, now=at)
    return {
        "watch": _watch(watch, at, gap),
        "proposals": [_proposal(each) for each in waiting if _HAS_EFFECT_ON[each.action] == state],
    }


async def watch_states(session: AsyncSession, pools: Iterable[str], *, at: datetime, gap: timedelta) -> dict[str, str]:
    """Return how well the weather of each pool is known."""
    return {pool: _watch(await session.get(WeatherWatchRow, pool), at, gap)["state"] for pool in pools}


def _watch(row: WeatherWatchRow | None, at: datetime, gap: timedelta) -> Json:
    """`unwatched`: nobody looks now, because the pool is not about to open or the watcher stands still."""
    if row is None:
        return {"state": "unwatched", "since": None, "last_success": None, "seen": {}}
    on = at - row.looked_at <= gap
    return {
        "state": row.state if on else "unwatched",
        "since": (row.since if on else row.looked_at).isoformat(),
        "last_success": None if row.last_success is None else row.last_success.isoformat(),
        "seen": row.seen if on else {},
    }


def _proposal(row: ProposalRow) -> Json:
    return {
        "proposal_id": str(row.proposal_id),
        "action": row.action,
        "rule": row.rule,
        "evidence": row.evidence,
        "made_at": row.made_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
    }
